package dev.retour.events;

import dev.retour.delivery.Facts;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets events follow their message when it changes, whoever changed it (spec C5): those that waited
 * for a paused one go on, those of one that is off are ended, those a broken one held are tried at
 * once. Every turn may be repeated, and cut anywhere: what is left is done by the next one.
 */
public final class EventHolds {
  private static final Logger log = LoggerFactory.getLogger(EventHolds.class);
  private static final int PAGE = 1_000;
  private static final long NEVER_LOOKED = Long.MIN_VALUE;

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final Facts facts;
  private final HoldStore store = new HoldStore();
  private final MessageStateStore messages = new MessageStateStore();

  /** What was followed already, by message; all of it once after a start. */
  private final Map<String, Long> followed = new HashMap<>();

  private long stamp = NEVER_LOOKED;

  EventHolds(Jdbi jdbi, InstantSource clock, Facts facts) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.facts = facts;
  }

  /**
   * One turn; run once a second.
   *
   * @return how many events moved
   */
  public synchronized int follow() {
    Instant now = clock.instant();
    int moved = pages(handle -> ended(handle, store.expire(handle, PAGE, now), now));
    log(moved, "became too old before their message was resumed");
    for (String type : jdbi.withHandle(store::pausedTypes)) {
      moved += followPaused(type, now);
    }
    return moved + followChanges(now);
  }

  private int followPaused(String type, Instant now) {
    return pages(
        handle -> {
          MessageState state = messages.hold(handle, List.of(type)).get(type);
          if (state == null || state.isOff()) {
            String text = state == null ? "There is no message " + type + "." : state.takesNone();
            List<UUID> ended = store.endPaused(handle, type, text, PAGE, now);
            return log(ended(handle, ended, now), "ended: " + text);
          }
          return state.isPaused()
              ? 0
              : log(store.release(handle, type, PAGE, now), "go on: " + type + " is resumed");
        });
  }

  /** Only messages that changed since the last turn. */
  private int followChanges(Instant now) {
    long seen = jdbi.withHandle(messages::stamp);
    if (seen == stamp) {
      return 0;
    }
    Map<String, MessageState> changed = new HashMap<>(jdbi.withHandle(messages::all));
    changed
        .values()
        .removeIf(state -> Long.valueOf(state.revision()).equals(followed.get(state.id())));
    List<String> off = ids(changed, true);
    List<String> on = ids(changed, false);
    int moved = 0;
    if (!off.isEmpty()) {
      moved += pages(handle -> endPending(handle, off, now));
    }
    if (!on.isEmpty()) {
      moved +=
          pages(
              handle ->
                  log(store.hurry(handle, on, PAGE, now), "are tried at once: a message changed"));
    }
    changed.values().forEach(state -> followed.put(state.id(), state.revision()));
    stamp = seen;
    return moved;
  }

  private int endPending(Handle handle, List<String> types, Instant now) {
    Map<String, String> texts =
        messages.hold(handle, types).values().stream()
            .filter(MessageState::isOff)
            .collect(Collectors.toMap(MessageState::id, MessageState::takesNone));
    return texts.isEmpty()
        ? 0
        : log(
            ended(handle, store.endPending(handle, texts, PAGE, now), now),
            "ended: their message is off");
  }

  /** The ERP is told in the same transaction. */
  private int ended(Handle handle, List<UUID> events, Instant now) {
    facts.withoutMail(handle, events, now);
    return events.size();
  }

  private static List<String> ids(Map<String, MessageState> states, boolean off) {
    return states.values().stream()
        .filter(state -> state.isOff() == off && !state.isPaused())
        .map(MessageState::id)
        .toList();
  }

  /** A transaction a page, until one is not full. */
  private int pages(ToIntFunction<Handle> page) {
    int moved = 0;
    int last;
    do {
      last = jdbi.inTransaction(page::applyAsInt);
      moved += last;
    } while (last == PAGE);
    return moved;
  }

  private static int log(int events, String what) {
    if (events > 0) {
      log.info("{} events {}.", events, what);
    }
    return events;
  }
}
