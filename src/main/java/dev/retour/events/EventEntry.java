package dev.retour.events;

import dev.retour.delivery.SendIntent;
import dev.retour.events.IntakeStore.Beginning;
import dev.retour.events.IntakeStore.Begun;
import dev.retour.quarantine.AddressBook;
import dev.retour.quarantine.GateAnswer;
import dev.retour.store.GroupCommit;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores events that fit their type. Those that arrive at the same moment share a transaction; each
 * is answered when it is committed.
 */
final class EventEntry {
  private static final Logger log = LoggerFactory.getLogger(EventEntry.class);
  private static final int GROUP_MAX = 100;

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final AddressBook addresses;
  private final DocumentGuard documents;
  private final IntakeStore store = new IntakeStore();
  private final GroupCommit<NewEvent, IntakeAnswer> commits =
      new GroupCommit<>(GROUP_MAX, this::enter);

  /**
   * What is to be stored.
   *
   * @param intent null: the guard of documents has no say in it
   */
  private record Entry(Begun begun, @Nullable SendIntent intent) {}

  EventEntry(EventsConfig config, EventsModule.Needs needs) {
    this.jdbi = needs.jdbi();
    this.clock = needs.clock();
    this.addresses = needs.addresses();
    this.documents = new DocumentGuard(config);
  }

  /**
   * Stores an event, or tells why not.
   *
   * @throws org.jdbi.v3.core.JdbiException when the database cannot; nothing was stored
   */
  IntakeAnswer enter(NewEvent event) {
    IntakeAnswer answer = commits.commit(event);
    if (answer instanceof IntakeAnswer.Accepted accepted) {
      log.atInfo()
          .addKeyValue("event", accepted.pkey())
          .log("Accepted {}, {}", event.eventType(), accepted.status());
    }
    return answer;
  }

  private List<IntakeAnswer> enter(List<NewEvent> events) {
    Instant now = clock.instant();
    List<GateAnswer> gates =
        addresses.gates(events.stream().map(event -> event.email().key()).toList());
    List<Entry> entries =
        IntStream.range(0, events.size())
            .mapToObj(i -> entry(events.get(i), gates.get(i), now))
            .toList();
    List<Begun> free =
        entries.stream().filter(each -> each.intent() == null).map(Entry::begun).toList();
    return jdbi.inTransaction(
        handle -> {
          Set<UUID> stored = free.isEmpty() ? Set.of() : store.insert(handle, free, now);
          return entries.stream()
              .map(
                  each ->
                      each.intent() == null
                          ? answer(handle, each.begun(), stored)
                          : guarded(handle, each.begun(), each.intent(), now))
              .toList();
        });
  }

  private Entry entry(NewEvent event, GateAnswer gate, Instant now) {
    return new Entry(
        new Begun(event, beginning(event, gate, now)), documents.intent(event).orElse(null));
  }

  /** One at a time: two of a group may want to send the same document. */
  private IntakeAnswer guarded(Handle handle, Begun begun, SendIntent intent, Instant now) {
    NewEvent event = begun.event();
    Optional<IntakeAnswer> known = known(handle, event);
    if (known.isPresent()) {
      return known.get();
    }
    Optional<EventView> duplicate = documents.take(handle, intent, event.id(), now);
    if (duplicate.isPresent()) {
      return new IntakeAnswer.Duplicate(duplicate.get());
    }
    Set<UUID> stored = store.insert(handle, List.of(begun), now);
    if (stored.isEmpty()) {
      // The same key came in between, from another connection.
      documents.giveBack(handle, intent, event.id());
    }
    return answer(handle, begun, stored);
  }

  private IntakeAnswer answer(Handle handle, Begun begun, Set<UUID> stored) {
    NewEvent event = begun.event();
    return stored.contains(event.id())
        ? new IntakeAnswer.Accepted(event.id(), begun.beginning().status())
        : known(handle, event)
            .orElseThrow(() -> new IllegalStateException("An event vanished while it was read."));
  }

  /** What the key of the caller was answered before. */
  private Optional<IntakeAnswer> known(Handle handle, NewEvent event) {
    return event.idempotencyKey() == null
        ? Optional.empty()
        : store
            .earlier(handle, event.eventType(), event.idempotencyKey())
            .map(
                earlier ->
                    earlier.sameRequest(event.requestHash())
                        ? new IntakeAnswer.Replayed(earlier.id(), earlier.status())
                        : new IntakeAnswer.Conflict(earlier.id()));
  }

  /** The quick look at the gate; the one directly before sending is the one that counts. */
  private static Beginning beginning(NewEvent event, GateAnswer gate, Instant now) {
    if (event.payload().expiration() != null && !now.isBefore(event.payload().expiration())) {
      return new Beginning("tooOld", null, "It had expired before it arrived.", null);
    }
    boolean alone = event.payload().wishes().copies().isEmpty();
    if (alone && gate instanceof GateAnswer.Closed closed) {
      return new Beginning("ignored", closed.reason().code(), closed.because(), null);
    }
    Instant due =
        event.payload().scheduled() != null && event.payload().scheduled().isAfter(now)
            ? event.payload().scheduled()
            : now;
    return new Beginning("pending", null, null, due);
  }
}
