package dev.retour.messages;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.config.FileFault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.ZipOutputStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Messages from one installation to another, say from test to production, as one archive: a zip
 * with one zip for each message ({@code EVTid.zip}, its version in force) and {@code
 * manifest.json}, which says when it was made and of which versions.
 */
public final class MessageTransfer {
  static final String MANIFEST = "manifest.json";
  private static final long COMPILED_BYTES_MAX = 50_000_000;
  private static final int FAULTS_MAX = 1_000;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final PublicationCheck check;
  private final MessageLifecycle lifecycle;
  private final PublishedMessages published;
  private final MessageStore messages = new MessageStore();
  private final VersionStore versions = new VersionStore();

  MessageTransfer(
      Jdbi jdbi,
      InstantSource clock,
      PublicationCheck check,
      MessageLifecycle lifecycle,
      PublishedMessages published) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.check = check;
    this.lifecycle = lifecycle;
    this.published = published;
  }

  /**
   * An archive that cannot be taken: nothing was changed.
   *
   * <p>The message is one sentence; {@link #faults} is every fault of its files, if it is that.
   */
  public static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<FileFault> faults;

    RefusedException(String sentence, List<FileFault> faults) {
      super(sentence);
      this.faults = List.copyOf(faults);
    }

    public List<FileFault> faults() {
      return faults;
    }
  }

  /**
   * Packs the versions in force.
   *
   * @param ids which; all that are in force when there is none
   * @throws RefusedException when one of them is not in force
   */
  public byte[] exported(List<String> ids) throws RefusedException {
    List<MessageRow> rows =
        jdbi.withHandle(messages::all).stream()
            .filter(row -> row.version() != null)
            .filter(row -> ids.isEmpty() || ids.contains(row.id()))
            .toList();
    for (String id : ids) {
      if (rows.stream().noneMatch(row -> row.id().equals(id))) {
        throw new RefusedException("No version of " + id + " is in force.", List.of());
      }
    }
    ObjectNode manifest = JSON.createObjectNode();
    manifest.put("exportedAt", clock.instant().toString());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8)) {
      for (MessageRow row : rows) {
        int version = row.version() == null ? 0 : row.version();
        VersionStore.Content content =
            jdbi.withHandle(handle -> versions.content(handle, row.id(), version)).orElseThrow();
        manifest.withObject("/messages").put(row.id(), version);
        MessageArchive.add(zip, row.id() + ".zip", content.archive());
      }
      MessageArchive.add(
          zip, MANIFEST, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(manifest));
    } catch (IOException e) {
      throw new UncheckedIOException("Writing to memory cannot fail.", e);
    }
    return out.toByteArray();
  }

  /**
   * What an archive would change.
   *
   * @param next the number its version would get; null when it is in force already
   */
  public record Step(String id, String because, Optional<Integer> next) {}

  /**
   * Checks an archive as a publication would, and tells what it would change.
   *
   * @throws RefusedException when it is none, or any message in it has a fault
   * @throws UncheckedIOException when the file cannot be read
   */
  public List<Step> plan(Path archive) throws RefusedException {
    return steps(checked(archive));
  }

  /**
   * Puts all messages of an archive in force, or with a fault none. The folder of messages is left
   * alone. The archive is read twice: each message is checked the first time, outside any
   * transaction, and stored the second time, all of them in one.
   *
   * @return what was put in force
   * @throws RefusedException as {@link #plan}
   * @throws UncheckedIOException when the file cannot be read
   */
  public List<Step> imported(Path archive, String by, String because) throws RefusedException {
    SortedMap<String, Checked> checked = checked(archive);
    List<Step> steps = steps(checked);
    jdbi.useTransaction(
        handle -> {
          for (String id : checked.keySet()) { // locks in one order, whatever the archive's is
            lifecycle.lock(handle, new MessageOrder(id, by, because));
          }
          Set<String> missing = new HashSet<>(checked.keySet());
          TransferArchive.read(
              archive,
              draft -> {
                Checked known = checked.get(draft.id());
                if (known == null || !Arrays.equals(known.digest(), draft.digest())) {
                  throw changed();
                }
                missing.remove(draft.id());
                MessageOrder order = new MessageOrder(draft.id(), by, because);
                lifecycle.publish(handle, order, known.publication(draft));
              });
          if (!missing.isEmpty()) {
            throw changed();
          }
        });
    published.refresh();
    return steps;
  }

  private static RefusedException changed() {
    return new RefusedException(
        "The archive was changed while it was read. Nothing was published.", List.of());
  }

  /** What is remembered of a message without fault: of its files only what tells them apart. */
  @SuppressWarnings("ArrayRecordComponent") // bytes are handed over; the digest is compared by hand
  private record Checked(byte[] digest, byte[] compiled, List<String> warnings) {
    static Checked of(Publication publication) {
      return new Checked(
          publication.draft().digest(),
          MessageArchive.write(publication.compiled()),
          publication.warnings());
    }

    Publication publication(Draft draft) {
      try {
        return new Publication(draft, MessageArchive.readCompiled(compiled), warnings);
      } catch (MessageArchive.Refused e) {
        throw new IllegalStateException("It was readable when it was checked.", e);
      }
    }
  }

  private SortedMap<String, Checked> checked(Path archive) throws RefusedException {
    SortedMap<String, Checked> checked = new TreeMap<>();
    List<FileFault> faults = new ArrayList<>();
    AtomicLong compiled = new AtomicLong();
    TransferArchive.read(
        archive,
        draft -> {
          try {
            Checked one = Checked.of(check.of(draft));
            if (compiled.addAndGet(one.compiled().length) > COMPILED_BYTES_MAX) {
              throw TransferArchive.notExported();
            }
            checked.put(draft.id(), one);
          } catch (MessageSetException e) {
            faults.addAll(e.faults());
            if (faults.size() > FAULTS_MAX) {
              throw refused(faults);
            }
          }
        });
    if (!faults.isEmpty()) {
      throw refused(faults);
    }
    return checked;
  }

  private static RefusedException refused(List<FileFault> faults) {
    return new RefusedException("The archive is refused as a whole; see its faults.", faults);
  }

  private List<Step> steps(SortedMap<String, Checked> checked) {
    return jdbi.withHandle(
        handle ->
            checked.entrySet().stream()
                .map(each -> step(handle, each.getKey(), each.getValue().digest()))
                .toList());
  }

  private Step step(Handle handle, String id, byte[] digest) {
    MessageRow row = messages.find(handle, id).orElse(null);
    Integer inForce = row == null ? null : row.version();
    boolean same = inForce != null && versions.has(handle, id, inForce, digest);
    int newest = row == null ? 0 : row.newest();
    return new Step(
        id,
        same ? "the same is in force" : newest == 0 ? "new" : "changed",
        same ? Optional.empty() : Optional.of(newest + 1));
  }
}
