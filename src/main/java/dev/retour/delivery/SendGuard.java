package dev.retour.delivery;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * The duplicate guard (spec A5, E1.8): one intent to send a document belongs to one event. Whoever
 * comes second learns who has it; it is never passed over in silence.
 */
public final class SendGuard {
  private final SendGuardStore store = new SendGuardStore();

  /**
   * Takes an intent for an event, in the caller's transaction. Of two at the same time the second
   * waits for the first to commit.
   *
   * @return empty when it is ours, else the event that has it, whose row stays locked
   */
  public Optional<UUID> take(Handle handle, SendIntent intent, UUID event, Instant now) {
    return store.insert(handle, intent, event, now)
        ? Optional.empty()
        : Optional.of(store.holder(handle, intent));
  }

  /**
   * Takes for many events what nobody has, in the caller's transaction and one order for all; the
   * others may still {@link #take} theirs one by one.
   *
   * @param intents by event, in the order in which they were asked for
   * @return the events that have theirs now
   */
  public Set<UUID> takeFree(Handle handle, Map<UUID, SendIntent> intents, Instant now) {
    return store.insert(handle, List.copyOf(intents.entrySet()), now);
  }

  /** Gives an intent whose mails never went out and never will to another event. */
  public void pass(Handle handle, SendIntent intent, UUID event, Instant now) {
    store.pass(handle, intent, event, now);
  }

  /** Forgets an intent that was taken in this transaction for an event that is not stored. */
  public void giveBack(Handle handle, SendIntent intent, UUID event) {
    store.delete(handle, intent, event);
  }

  /**
   * Whether a mail of this event was sent, may have been, or may yet be; what ended expired or
   * cancelled has no way back but being sent again on purpose.
   */
  public boolean mayReachSomebody(Handle handle, UUID event) {
    return store.mayReachSomebody(handle, event);
  }

  /**
   * A package gets another recipient: the intent to send the document to the new one is its event's
   * as well.
   *
   * @param from key of the former recipient
   * @param to key of the new one
   * @return the event that is sending the document there already, if there is one
   */
  Optional<UUID> follow(Handle handle, UUID event, String from, String to, Instant now) {
    Optional<SendIntent> renamed =
        store.ofEvent(handle, event).map(intent -> intent.readdressed(from, to));
    if (renamed.isEmpty()) {
      return Optional.empty();
    }
    Optional<UUID> holder = take(handle, renamed.get(), event, now);
    if (holder.isEmpty() || holder.get().equals(event)) {
      return Optional.empty();
    }
    if (!store.maySend(handle, holder.get()) && !mayReachSomebody(handle, holder.get())) {
      pass(handle, renamed.get(), event, now);
      return Optional.empty();
    }
    return holder;
  }
}
