package dev.retour.events;

import dev.retour.store.GroupCommit;
import dev.retour.store.StoreFault;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Stores events that fit their type. Those that arrive at the same moment share a transaction; each
 * is answered when it is committed.
 */
final class EventEntry {
  private static final Logger log = LoggerFactory.getLogger(EventEntry.class);
  private static final int GROUP_MAX = 100;
  private static final IntakeAnswer UNAVAILABLE =
      new IntakeAnswer.Unavailable("The database cannot commit. Nothing was accepted.");

  private final EntryTransaction transaction;
  private final StoreGate gate;
  private final GroupCommit<NewEvent, IntakeAnswer> commits;

  EventEntry(EventsConfig config, EventsModule.Needs needs) {
    this.transaction = new EntryTransaction(config, needs);
    this.gate = new StoreGate(needs.clock());
    this.commits = new GroupCommit<>(GROUP_MAX, transaction::commit);
  }

  /** Stores an event, or tells why not. */
  IntakeAnswer enter(NewEvent event) {
    IntakeAnswer answer = unlessAway(() -> List.of(commits.commit(event)), 1).get(0);
    log(event, answer, Level.INFO);
    return answer;
  }

  /**
   * For events of a type that this process does not know as in force; none is stored.
   *
   * @return an answer for each, in order
   */
  List<IntakeAnswer> refuse(String eventType, List<EventReader.Unread> requests) {
    return unlessAway(() -> transaction.refuse(eventType, requests), requests.size());
  }

  /** What a request under this key was answered before, or that the database cannot tell. */
  Optional<IntakeAnswer> earlier(String eventType, String key, byte[] requestHash) {
    AtomicReference<IntakeAnswer> found = new AtomicReference<>();
    List<IntakeAnswer> away =
        unlessAway(
            () -> {
              transaction.earlier(eventType, key, requestHash).ifPresent(found::set);
              return List.of();
            },
            1);
    return away.isEmpty() ? Optional.ofNullable(found.get()) : Optional.of(away.get(0));
  }

  /**
   * Stores many in a transaction of their own. When the database refuses it, each half is tried by
   * itself, down to the one at fault: that one spoils no other.
   *
   * @return an answer for each, in order
   */
  List<IntakeAnswer> enter(List<NewEvent> events) {
    List<IntakeAnswer> answers = unlessAway(() -> commitOrHalve(events), events.size());
    for (int i = 0; i < events.size(); i++) {
      log(events.get(i), answers.get(i), Level.DEBUG);
    }
    return answers;
  }

  private List<IntakeAnswer> commitOrHalve(List<NewEvent> events) {
    try {
      return transaction.commit(events);
    } catch (JdbiException e) {
      if (events.size() == 1 || StoreFault.isAway(e)) {
        throw e;
      }
      int half = events.size() / 2;
      List<NewEvent> first = events.subList(0, half);
      List<NewEvent> second = events.subList(half, events.size());
      // Each for itself: what the first half has stored stays stored, whatever becomes of the
      // other.
      List<IntakeAnswer> answers =
          new ArrayList<>(unlessAway(() -> commitOrHalve(first), first.size()));
      answers.addAll(unlessAway(() -> commitOrHalve(second), second.size()));
      return answers;
    }
  }

  private List<IntakeAnswer> unlessAway(Supplier<List<IntakeAnswer>> commit, int events) {
    if (!gate.mayTry()) {
      return Collections.nCopies(events, UNAVAILABLE);
    }
    try {
      List<IntakeAnswer> answers = commit.get();
      gate.works();
      return answers;
    } catch (JdbiException e) {
      if (!StoreFault.isAway(e)) {
        log.error("The database refused to store an event; its client got a 503.", e);
      } else if (gate.fails()) {
        log.error("The database cannot commit; events are refused with 503 until it can.", e);
      }
      return Collections.nCopies(events, UNAVAILABLE);
    }
  }

  private static void log(NewEvent event, IntakeAnswer answer, Level level) {
    if (answer instanceof IntakeAnswer.Accepted accepted) {
      log.atLevel(level)
          .addKeyValue("event", accepted.pkey())
          .log("Accepted {}, {}", event.eventType(), accepted.status());
    }
  }
}
