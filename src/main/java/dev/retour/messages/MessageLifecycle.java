package dev.retour.messages;

import dev.retour.messages.LifecycleAnswer.Done;
import dev.retour.messages.LifecycleAnswer.NotPossible;
import dev.retour.messages.LifecycleAnswer.Refused;
import dev.retour.messages.MessageLogEntry.What;
import dev.retour.messages.MessageRow.State;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BiFunction;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Where messages stand, and every way from one standing to another (spec C5, without its
 * limitations: versions stay, a roll-back is one step, deleting destroys no evidence).
 *
 * <p>Nothing else changes what is in force. What waits for a message follows by itself, at most a
 * second later, in whatever process.
 */
public final class MessageLifecycle {
  private final Jdbi jdbi;
  private final InstantSource clock;
  private final PublicationCheck check;
  private final PublishedMessages published;
  private final MessageStore messages = new MessageStore();
  private final VersionStore versions = new VersionStore();
  private final MessageLogStore log = new MessageLogStore();

  MessageLifecycle(
      Jdbi jdbi, InstantSource clock, PublicationCheck check, PublishedMessages published) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.check = check;
    this.published = published;
  }

  /** Makes what the folder holds the next version; of a paused one it stays paused. */
  public LifecycleAnswer publish(MessageOrder order) {
    if (!MessageFiles.isEventTypeId(order.id())) {
      return notAnId();
    }
    MessageFiles files = check.files(order.id());
    if (!files.faults().isEmpty()) {
      return new Refused(files.faults());
    }
    return publish(order, files.draft(order.id()));
  }

  /** The same for files that were read. */
  LifecycleAnswer publish(MessageOrder order, Draft draft) {
    Publication checked;
    try {
      checked = check.of(draft);
    } catch (MessageSetException e) {
      return new Refused(e.faults());
    }
    return change(order, (handle, row) -> next(handle, row, order, checked));
  }

  /** Puts one of many in force; what is in force already stays as it is. */
  void publish(Handle handle, MessageOrder order, Publication checked) {
    next(handle, lock(handle, order), order, checked);
  }

  private LifecycleAnswer next(
      Handle handle, MessageRow row, MessageOrder order, Publication checked) {
    byte[] digest = checked.draft().digest();
    Integer inForce = row.version();
    // One that cannot be used any more may be published as it is, compiled anew.
    if (inForce != null
        && versions.has(handle, row.id(), inForce, digest)
        && published.find(row.id()).isPresent()) {
      return new NotPossible(
          "There is nothing to publish: the folder holds the files of version " + inForce + ".");
    }
    int number = row.newest() + 1;
    Instant now = clock.instant();
    versions.insert(
        handle,
        new VersionStore.New(row.id(), number, order.by(), order.because(), now),
        digest,
        new VersionStore.Content(
            MessageArchive.write(checked.draft().texts()),
            MessageArchive.write(checked.compiled())));
    boolean paused = row.state() == State.PAUSED;
    MessageRow to =
        new MessageRow(
            row.id(),
            paused ? State.PAUSED : State.PUBLISHED,
            number,
            number,
            paused ? row.because() : order.because(),
            paused ? row.changedBy() : order.by(),
            paused ? row.changedAt() : now);
    return done(
        handle,
        to,
        What.PUBLISHED,
        order,
        "Version "
            + number
            + " is in force"
            + (paused ? "; the message stays paused until it is resumed." : ".")
            + checked.warned());
  }

  /** Its events are kept from now on, and wait until their own expiration. */
  public LifecycleAnswer pause(MessageOrder order) {
    return change(
        order,
        (handle, row) ->
            row.state() == State.PUBLISHED
                ? done(
                    handle,
                    to(row, State.PAUSED, row.version(), order),
                    What.PAUSED,
                    order,
                    "It is paused. Events are accepted and wait; mails already queued still go.")
                : cannot(row, "paused", "Only a published message can be paused."));
  }

  /** Its events go on, with the content as the folder holds it now, or unchanged. */
  public LifecycleAnswer resume(MessageOrder order, boolean unchanged) {
    if (!unchanged && standing(order.id()) instanceof Standing.Paused) {
      LifecycleAnswer changed = publish(order);
      if (changed instanceof Refused refused && !refused.faults().isEmpty()) {
        return isFolderMissing(order.id()) ? resume(order) : refused;
      }
    }
    return resume(order);
  }

  private LifecycleAnswer resume(MessageOrder order) {
    return change(
        order,
        (handle, row) ->
            row.state() == State.PAUSED
                ? done(
                    handle,
                    to(row, State.PUBLISHED, row.version(), order),
                    What.RESUMED,
                    order,
                    "It is resumed with version " + row.version() + ". What waited goes on.")
                : cannot(row, "resumed", "Only a paused message can be resumed."));
  }

  /** Nothing is in force from now on: events are refused, and what waits is ended. */
  public LifecycleAnswer unpublish(MessageOrder order) {
    return change(
        order,
        (handle, row) ->
            row.version() != null
                ? done(
                    handle,
                    to(row, State.DRAFT, null, order),
                    What.UNPUBLISHED,
                    order,
                    "It is unpublished. New events are refused, and those that wait are ended.")
                : cannot(row, "unpublished", "It is not published."));
  }

  /**
   * Puts an earlier version in force.
   *
   * @param number which one; null: the last that was in force of those before it
   */
  public LifecycleAnswer rollBack(MessageOrder order, @Nullable Integer number) {
    return change(
        order,
        (handle, row) -> {
          Integer inForce = row.version();
          if (inForce == null) {
            return cannot(row, "rolled back", "It is not published; publish it.");
          }
          int target = number == null ? log.before(handle, row.id(), inForce) : number;
          if (!versions.exists(handle, row.id(), target) || target == inForce) {
            return new NotPossible(
                "Version "
                    + inForce
                    + " of "
                    + row.id()
                    + " is in force, and there is no "
                    + (number == null ? "earlier one" : "other version " + target)
                    + ".");
          }
          return done(
              handle,
              to(row, row.state(), target, order),
              What.ROLLED_BACK,
              order,
              "Version " + target + " is in force again instead of " + inForce + ".");
        });
  }

  /** Takes it off the lists. Versions, history and events stay as evidence. */
  public LifecycleAnswer delete(MessageOrder order) {
    return change(
        order,
        (handle, row) ->
            row.state() == State.DRAFT && row.newest() > 0
                ? done(
                    handle,
                    to(row, State.DELETED, null, order),
                    What.DELETED,
                    order,
                    "It is deleted. Its versions, history and events are kept; no file is touched.")
                : cannot(
                    row,
                    "deleted",
                    row.version() == null
                        ? "It was never published: remove its folder."
                        : "Unpublish it first."));
  }

  private boolean isFolderMissing(String id) {
    return check.files(id).of(id).isEmpty();
  }

  /** Puts a message in force that nobody knew before; nothing when somebody else was faster. */
  void first(Handle handle, MessageOrder order, Publication checked) {
    MessageRow row = lock(handle, order);
    if (row.newest() == 0) {
      next(handle, row, order, checked);
    }
  }

  private Standing standing(String id) {
    return jdbi.withHandle(handle -> messages.find(handle, id))
        .map(MessageRow::standing)
        .orElse(new Standing.Unknown());
  }

  /** One transaction, with the row of the message locked. */
  private LifecycleAnswer change(
      MessageOrder order, BiFunction<Handle, MessageRow, LifecycleAnswer> step) {
    if (!MessageFiles.isEventTypeId(order.id())) {
      return notAnId();
    }
    LifecycleAnswer answer =
        jdbi.inTransaction(
            handle -> {
              LifecycleAnswer made = step.apply(handle, lock(handle, order));
              if (!(made instanceof Done)) {
                handle.rollback(); // not even the row of a message that was only asked for
              }
              return made;
            });
    published.refresh();
    return answer;
  }

  /** Its row, so that nobody else changes where it stands before the transaction ends. */
  MessageRow lock(Handle handle, MessageOrder order) {
    return messages.lock(handle, order.id(), order.by(), clock.instant());
  }

  private MessageRow to(
      MessageRow row, State state, @Nullable Integer version, MessageOrder order) {
    return new MessageRow(
        row.id(), state, version, row.newest(), order.because(), order.by(), clock.instant());
  }

  private Done done(Handle handle, MessageRow to, What what, MessageOrder order, String sentence) {
    messages.change(handle, to);
    log.insert(
        handle,
        to.id(),
        new MessageLogEntry(clock.instant(), order.by(), what, to.version(), order.because()));
    return new Done(to.standing(), to.id() + ": " + sentence);
  }

  private static NotPossible cannot(MessageRow row, String what, String why) {
    return new NotPossible(
        row.id()
            + " is "
            + (row.version() == null && row.newest() == 0 ? "not published" : row.state().label())
            + " and cannot be "
            + what
            + ". "
            + why);
  }

  private static NotPossible notAnId() {
    return new NotPossible(
        "That is no id of a message: EVT, then letters, digits, - or _, at most 64 characters.");
  }
}
