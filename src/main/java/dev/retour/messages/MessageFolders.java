package dev.retour.messages;

import dev.retour.config.FileFault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** The folder of messages beside what is in force: what differs, and what would be refused. */
public final class MessageFolders {
  private final Jdbi jdbi;
  private final MessagesConfig config;
  private final PublicationCheck check;
  private final MessageStore messages = new MessageStore();
  private final VersionStore versions = new VersionStore();
  private final MessageLogStore log = new MessageLogStore();

  MessageFolders(Jdbi jdbi, PublicationCheck check) {
    this.jdbi = jdbi;
    this.config = check.config();
    this.check = check;
  }

  /** Every message of the folder and of the database, by id; deleted ones without a folder not. */
  public List<MessageView> list() {
    MessageFiles names = MessageFiles.names(config.messages());
    // No connection is held while thousands of files are read, one folder in memory at a time.
    Known known =
        jdbi.withHandle(handle -> new Known(messages.all(handle), versions.digests(handle)));
    Map<String, MessageRow> rows =
        known.rows().stream().collect(Collectors.toMap(MessageRow::id, row -> row));
    SortedSet<String> ids = new TreeSet<>(rows.keySet());
    ids.addAll(names.eventTypes());
    return ids.stream()
        .map(id -> view(id, rows.get(id), known.digests().get(id)))
        .filter(view -> !view.state().equals("deleted") || view.hasFolder())
        .toList();
  }

  private record Known(List<MessageRow> rows, Map<String, byte[]> digests) {}

  /** One of them; nothing when there is neither a folder nor a row. */
  public Optional<MessageView> find(String id) {
    if (!MessageFiles.isEventTypeId(id)) {
      return Optional.empty();
    }
    Known known =
        jdbi.withHandle(
            handle ->
                new Known(
                    messages.find(handle, id).map(List::of).orElse(List.of()),
                    versions.digests(handle)));
    MessageRow row = known.rows().isEmpty() ? null : known.rows().get(0);
    MessageView view = view(id, row, known.digests().get(id));
    return row == null && !view.hasFolder() ? Optional.empty() : Optional.of(view);
  }

  /** Its versions, newest first. */
  public List<MessageVersion> versions(String id) {
    return jdbi.withHandle(handle -> versions.of(handle, id));
  }

  /** What was done to it, newest first. */
  public List<MessageLogEntry> history(String id, int max) {
    return jdbi.withHandle(handle -> log.of(handle, id, max));
  }

  /**
   * What a publication would change.
   *
   * @param from a version; null: the one in force
   * @param to another; null: what the folder holds
   * @return lines of a unified diff; none when nothing differs
   * @throws IllegalArgumentException with one sentence when there is no such version
   */
  public List<String> diff(String id, @Nullable Integer from, @Nullable Integer to) {
    requireId(id);
    Integer inForce = find(id).map(MessageView::version).orElse(null);
    Integer before = from == null ? inForce : from;
    return MessageDiff.between(before == null ? new TreeMap<>() : texts(id, before), texts(id, to));
  }

  private static void requireId(String id) {
    if (!MessageFiles.isEventTypeId(id)) {
      throw new IllegalArgumentException("That is no id of a message.");
    }
  }

  /**
   * The files of a version.
   *
   * @param version null: what the folder holds
   * @throws IllegalArgumentException with one sentence when there is no such version
   * @throws MessageSetException when the folder cannot be read, or the version is damaged
   */
  SortedMap<String, String> texts(String id, @Nullable Integer version) {
    requireId(id);
    if (version != null) {
      return stored(id, version).texts();
    }
    MessageFiles files = MessageFiles.read(config.messages(), id);
    if (!files.faults().isEmpty()) {
      throw new MessageSetException(files.faults());
    }
    return files.draft(id).texts();
  }

  /**
   * A version, in force or not.
   *
   * @throws IllegalArgumentException with one sentence when there is no such version
   * @throws MessageSetException when it is damaged
   */
  StoredVersion stored(String id, int version) {
    requireId(id);
    VersionStore.Content content =
        jdbi.withHandle(handle -> versions.content(handle, id, version))
            .orElseThrow(
                () -> new IllegalArgumentException("There is no version " + version + "."));
    try {
      return StoredVersion.of(id, version, content);
    } catch (MessageArchive.Refused e) {
      String text = "Version " + version + " is damaged: " + e.getMessage() + " Publish it anew.";
      throw new MessageSetException(List.of(new FileFault(id, 0, text)));
    }
  }

  /** Every fault that would refuse a publication; empty when it may be published as it is. */
  public List<FileFault> check(String id) {
    if (!MessageFiles.isEventTypeId(id)) {
      return List.of(new FileFault(id, 0, "That is no id of a message."));
    }
    MessageFiles files = MessageFiles.read(config.messages(), id);
    List<FileFault> faults = new ArrayList<>(files.faults());
    try {
      check.of(files.draft(id));
    } catch (MessageSetException e) {
      faults.addAll(e.faults());
    }
    return MessageLibrary.sorted(faults);
  }

  private MessageView view(String id, @Nullable MessageRow known, byte @Nullable [] inForceDigest) {
    MessageFiles files = MessageFiles.read(config.messages(), id);
    Integer inForce = known == null ? null : known.version();
    MessageView.Folder folder;
    if (files.of(id).isEmpty()) {
      folder = MessageView.Folder.MISSING;
    } else if (inForce == null) {
      folder = MessageView.Folder.DRAFT;
    } else {
      folder =
          Arrays.equals(inForceDigest, files.draft(id).digest())
              ? MessageView.Folder.SAME
              : MessageView.Folder.DIFFERS;
    }
    return known == null
        ? new MessageView(id, "draft", null, 0, "", null, null, folder)
        : new MessageView(
            id,
            known.state().label(),
            inForce,
            known.newest(),
            known.because(),
            known.changedBy(),
            known.changedAt(),
            folder);
  }
}
