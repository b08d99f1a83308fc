package dev.retour.messages;

import dev.retour.config.FileFault;
import dev.retour.messages.LifecycleAnswer.Done;
import dev.retour.messages.LifecycleAnswer.Refused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts in force what the folder holds without anybody's command: at the first start, and where the
 * settings say so whenever something is saved. Holds a few messages in memory at a time, however
 * many there are.
 */
public final class SavedMessages {
  private static final Logger log = LoggerFactory.getLogger(SavedMessages.class);
  private static final int TOGETHER = 16;
  private static final Duration TOLD_EVERY = Duration.ofSeconds(5);

  private final Jdbi jdbi;
  private final MessagesConfig config;
  private final PublicationCheck check;
  private final MessageLifecycle lifecycle;
  private final PublishedMessages published;
  private final MessageStore messages = new MessageStore();
  private final VersionStore versions = new VersionStore();

  SavedMessages(
      Jdbi jdbi, PublicationCheck check, MessageLifecycle lifecycle, PublishedMessages published) {
    this.jdbi = jdbi;
    this.config = check.config();
    this.check = check;
    this.lifecycle = lifecycle;
    this.published = published;
  }

  /** A folder that was looked at: it may become a version, or has faults. */
  private record Looked(@Nullable Publication publication, List<FileFault> faults) {}

  /**
   * At the first start on a database that knows no message: everything in the folder is put in
   * force, so that nobody has to publish by hand what was in use before there were versions.
   *
   * @return how many
   * @throws MessageSetException with every fault; then nothing is
   */
  public int publishFirst() {
    if (jdbi.withHandle(messages::stamp).messages() > 0) {
      return 0;
    }
    MessageFiles names = MessageFiles.names(config.messages());
    jdbi.useTransaction(handle -> publishFirst(handle, names));
    published.refresh();
    return names.eventTypes().size();
  }

  private void publishFirst(Handle handle, MessageFiles names) {
    List<String> ids = names.eventTypes();
    List<FileFault> faults = new ArrayList<>(names.faults());
    long tellAt = System.nanoTime() + TOLD_EVERY.toNanos();
    for (int from = 0; from < ids.size(); from += TOGETHER) {
      List<String> some = ids.subList(from, Math.min(ids.size(), from + TOGETHER));
      for (Looked looked : some.parallelStream().map(this::look).toList()) {
        faults.addAll(looked.faults());
        if (looked.publication() != null && faults.isEmpty()) {
          String id = looked.publication().draft().id();
          lifecycle.first(
              handle,
              new MessageOrder(id, "first start", "It was in the folder."),
              looked.publication());
        }
      }
      if (System.nanoTime() > tellAt) {
        log.info("The first start: {} of {} messages are checked.", from + TOGETHER, ids.size());
        tellAt = System.nanoTime() + TOLD_EVERY.toNanos();
      }
    }
    requireNone(faults); // else nothing of the transaction stays
  }

  private Looked look(String id) {
    MessageFiles files = MessageFiles.read(config.messages(), id);
    if (!files.faults().isEmpty()) {
      return new Looked(null, files.faults());
    }
    try {
      return new Looked(check.of(files.draft(id)), List.of());
    } catch (MessageSetException e) {
      return new Looked(null, e.faults());
    }
  }

  /**
   * Puts every folder in force that was changed, unless a person unpublished its message or these
   * files were in force before (a roll-back is not undone by a restart).
   *
   * @return the ids of those that came in force
   * @throws MessageSetException with every fault; the messages without one are in force all the
   *     same
   */
  public List<String> publishSaved() {
    MessageFiles names = MessageFiles.names(config.messages());
    List<FileFault> faults = new ArrayList<>(names.faults());
    List<String> done = new ArrayList<>();
    for (String id : names.eventTypes()) {
      MessageFiles files = MessageFiles.read(config.messages(), id);
      Draft draft = files.draft(id);
      if (!files.faults().isEmpty()) {
        faults.addAll(files.faults());
      } else if (isNews(draft)) {
        LifecycleAnswer answer = lifecycle.publish(new MessageOrder(id, "saved", ""), draft);
        if (answer instanceof Refused refused) {
          faults.addAll(refused.faults());
        } else if (answer instanceof Done) {
          done.add(id);
        }
      }
    }
    requireNone(faults);
    return done;
  }

  private static void requireNone(List<FileFault> faults) {
    if (!faults.isEmpty()) {
      throw new MessageSetException(MessageLibrary.sorted(faults.stream().distinct().toList()));
    }
  }

  private boolean isNews(Draft draft) {
    return jdbi.withHandle(
        handle -> {
          MessageRow row = messages.find(handle, draft.id()).orElse(null);
          boolean inForceOrNew = row == null || row.version() != null || row.newest() == 0;
          return inForceOrNew && !versions.hadEver(handle, draft.id(), draft.digest());
        });
  }
}
