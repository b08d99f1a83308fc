package dev.retour.messages;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.config.FileFault;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.jdbi.v3.core.Jdbi;

/**
 * Messages from one installation to another, say from test to production, as one archive: a zip
 * with one zip for each message ({@code EVTid.zip}, its version in force) and {@code
 * manifest.json}, which says where they came from.
 */
public final class MessageTransfer {
  private static final String MANIFEST = "manifest.json";
  private static final int MESSAGES_MAX = 5_000;
  private static final int MESSAGE_BYTES_MAX = 5_000_000;
  private static final long BYTES_MAX = 200_000_000;
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final PublicationCheck check;
  private final MessageLifecycle lifecycle;
  private final MessageStore messages = new MessageStore();
  private final VersionStore versions = new VersionStore();

  MessageTransfer(
      Jdbi jdbi, InstantSource clock, PublicationCheck check, MessageLifecycle lifecycle) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.check = check;
    this.lifecycle = lifecycle;
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
        add(zip, row.id() + ".zip", content.archive());
      }
      add(zip, MANIFEST, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(manifest));
    } catch (IOException e) {
      throw new UncheckedIOException("Writing to memory cannot fail.", e);
    }
    return out.toByteArray();
  }

  private static void add(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(NO_TIME);
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
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
   * @throws RefusedException when it cannot be read, or any message in it has a fault
   */
  public List<Step> plan(byte[] archive) throws RefusedException {
    List<Publication> checked = checked(archive);
    return jdbi.withHandle(
        handle ->
            checked.stream()
                .map(
                    each -> {
                      MessageRow row = messages.find(handle, each.draft().id()).orElse(null);
                      boolean same =
                          row != null
                              && row.version() != null
                              && versions.has(
                                  handle, row.id(), row.version(), each.draft().digest());
                      int newest = row == null ? 0 : row.newest();
                      return new Step(
                          each.draft().id(),
                          same ? "the same is in force" : newest == 0 ? "new" : "changed",
                          same ? Optional.empty() : Optional.of(newest + 1));
                    })
                .toList());
  }

  /**
   * Puts all messages of an archive in force, or with a fault none. The folder of messages is left
   * alone.
   *
   * @return what was put in force
   * @throws RefusedException as {@link #plan}
   */
  public List<Step> imported(byte[] archive, String by, String because) throws RefusedException {
    List<Step> plan = plan(archive);
    lifecycle.publishAll(checked(archive), by, because);
    return plan;
  }

  private List<Publication> checked(byte[] archive) throws RefusedException {
    List<Publication> checked = new ArrayList<>();
    List<FileFault> faults = new ArrayList<>();
    for (var each : inner(archive).entrySet()) {
      try {
        checked.add(check.of(new Draft(each.getKey(), MessageArchive.read(each.getValue()))));
      } catch (MessageArchive.Refused e) {
        throw new RefusedException(each.getKey() + ".zip: " + e.getMessage(), List.of());
      } catch (MessageSetException e) {
        faults.addAll(e.faults());
      }
    }
    if (!faults.isEmpty()) {
      throw new RefusedException("The archive is refused as a whole; see its faults.", faults);
    }
    return checked;
  }

  private static SortedMap<String, byte[]> inner(byte[] archive) throws RefusedException {
    SortedMap<String, byte[]> inner = new TreeMap<>();
    long total = 0;
    try (ZipInputStream zip =
        new ZipInputStream(new ByteArrayInputStream(archive), StandardCharsets.UTF_8)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        String name = entry.getName();
        if (name.equals(MANIFEST)) {
          continue;
        }
        String id = name.endsWith(".zip") ? name.substring(0, name.length() - 4) : "";
        byte[] bytes = zip.readNBytes(MESSAGE_BYTES_MAX + 1);
        total += bytes.length;
        if (!MessageFiles.isEventTypeId(id)
            || bytes.length > MESSAGE_BYTES_MAX
            || total > BYTES_MAX
            || inner.size() >= MESSAGES_MAX
            || inner.put(id, bytes) != null) {
          throw notExported();
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      throw notExported();
    }
    if (inner.isEmpty()) {
      throw notExported();
    }
    return inner;
  }

  private static RefusedException notExported() {
    return new RefusedException(
        "This is no archive of ./retour messages export, or it is too large.", List.of());
  }
}
