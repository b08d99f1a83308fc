package dev.retour.events;

import static java.util.stream.Collectors.toSet;

import dev.retour.delivery.SendIntent;
import dev.retour.events.IntakeStore.Begun;
import dev.retour.quarantine.AddressBook;
import dev.retour.quarantine.GateAnswer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores many events in one transaction and a handful of statements. Only who meets another one,
 * wants to send what another one sends, or uses its key, is looked at by itself.
 */
final class EntryTransaction {
  private static final Logger log = LoggerFactory.getLogger(EntryTransaction.class);

  private final Beginnings beginnings;
  private final Jdbi jdbi;
  private final InstantSource clock;
  private final AddressBook addresses;
  private final GateAsking asking;
  private final DocumentGuard documents;
  private final IntakeStore store = new IntakeStore();
  private final MessageStateStore messages = new MessageStateStore();
  private final RefusalStore refusals = new RefusalStore();

  /**
   * What is to be stored.
   *
   * @param intent null: the guard of documents has no say in it
   */
  private record Entry(Begun begun, @Nullable SendIntent intent) {
    UUID id() {
      return begun.event().id();
    }
  }

  EntryTransaction(EventsConfig config, EventsModule.Needs needs) {
    this.beginnings = new Beginnings(config);
    this.jdbi = needs.jdbi();
    this.clock = needs.clock();
    this.addresses = needs.addresses();
    this.asking = new GateAsking(needs);
    this.documents = new DocumentGuard(config);
  }

  /**
   * Stores all that may be stored, or none.
   *
   * @return an answer for each, in order
   * @throws org.jdbi.v3.core.JdbiException when the database cannot; nothing was stored
   */
  List<IntakeAnswer> commit(List<NewEvent> events) {
    Instant now = clock.instant();
    List<GateAnswer> gates = gates(events);
    Map<UUID, IntakeAnswer> answers =
        jdbi.inTransaction(handle -> enter(handle, events, gates, now));
    return events.stream().map(event -> answer(answers, event)).toList();
  }

  /** In the order of the events; a recipient that is not known yet is asked for later. */
  private List<GateAnswer> gates(List<NewEvent> events) {
    Iterator<GateAnswer> answers =
        addresses
            .gate()
            .look(events.stream().filter(event -> event.email() != null).map(asking::of).toList())
            .iterator();
    return events.stream()
        .map(event -> event.email() == null ? new GateAnswer.Open(null) : answers.next())
        .toList();
  }

  /** Looks at where the messages stand now, which may differ from what the process knows. */
  private Map<UUID, IntakeAnswer> enter(
      Handle handle, List<NewEvent> events, List<GateAnswer> gates, Instant now) {
    Map<String, MessageState> states =
        messages.read(handle, events.stream().map(NewEvent::eventType).collect(toSet()));
    Map<UUID, IntakeAnswer> answers = new HashMap<>();
    List<Entry> entries = new ArrayList<>();
    List<NewEvent> stopped = events.stream().filter(each -> isOff(states, each)).toList();
    answers.putAll(knownEvents(handle, stopped));
    Map<String, List<NewEvent>> refused = new HashMap<>();
    for (int i = 0; i < events.size(); i++) {
      NewEvent event = events.get(i);
      if (isOff(states, event)) {
        if (!answers.containsKey(event.id())) {
          refused.computeIfAbsent(event.eventType(), id -> new ArrayList<>()).add(event);
        }
      } else {
        MessageState state = states.get(event.eventType());
        Begun begun = new Begun(event, beginnings.of(event, gates.get(i), state, now));
        entries.add(new Entry(begun, documents.intent(event).orElse(null)));
      }
    }
    refused.forEach(
        (type, theirs) -> {
          List<Refusal> refusals = theirs.stream().map(Refusal::of).toList();
          IntakeAnswer answer = refuse(handle, refusals, states.get(type), now);
          theirs.forEach(event -> answers.put(event.id(), answer));
        });
    answers.putAll(enter(handle, entries, now));
    return answers;
  }

  /**
   * For events of a type that the process does not know as in force: what the database says. Who
   * only repeats a request that was accepted before gets the answer of that time.
   *
   * @return an answer for each, in order
   * @throws org.jdbi.v3.core.JdbiException when the database cannot be asked
   */
  List<IntakeAnswer> refuse(String type, List<EventReader.Unread> requests) {
    Instant now = clock.instant();
    return jdbi.inTransaction(
        handle -> {
          Map<String, IntakeStore.Earlier> earlier =
              store.earlier(handle, type, requests.stream().map(EntryTransaction::key).toList());
          List<Refusal> others =
              requests.stream()
                  .filter(each -> !earlier.containsKey(key(each)))
                  .map(EventReader.Unread::refusal)
                  .toList();
          Optional<IntakeAnswer> instead =
              others.isEmpty() ? Optional.empty() : Optional.of(off(handle, type, others, now));
          return requests.stream()
              .map(
                  each ->
                      Optional.ofNullable(earlier.get(key(each)))
                          .map(first -> first.answer(each.hash()))
                          .or(() -> instead)
                          .orElseThrow())
              .toList();
        });
  }

  /** Empty when there is none, which is nobody's key. */
  private static String key(EventReader.Unread request) {
    return Objects.requireNonNullElse(request.refusal().idempotencyKey(), "");
  }

  private IntakeAnswer off(Handle handle, String type, List<Refusal> refusals, Instant now) {
    MessageState state = messages.read(handle, List.of(type)).get(type);
    if (state == null) {
      return new IntakeAnswer.UnknownType(type);
    }
    return state.isOff()
        ? refuse(handle, refusals, state, now)
        : new IntakeAnswer.Unavailable(
            type + " is in force, but not ready here. Nothing was accepted.");
  }

  /** What a request under this key was answered before. */
  Optional<IntakeAnswer> earlier(String eventType, String key, byte[] requestHash) {
    return Optional.ofNullable(
            jdbi.withHandle(handle -> store.earlier(handle, eventType, List.of(key))).get(key))
        .map(earlier -> earlier.answer(requestHash));
  }

  private static boolean isOff(Map<String, MessageState> states, NewEvent event) {
    MessageState state = states.get(event.eventType());
    return state != null && state.isOff();
  }

  private IntakeAnswer refuse(
      Handle handle, List<Refusal> refusals, @Nullable MessageState state, Instant now) {
    MessageState off = Objects.requireNonNull(state);
    IntakeAnswer.NotPublished answer =
        new IntakeAnswer.NotPublished(off.id(), off.wasEverPublished(), off.takesNone());
    this.refusals.insert(handle, refusals, answer.status(), answer.because(), now);
    log.info("Refused {} events with {}: {}", refusals.size(), answer.status(), answer.because());
    return answer;
  }

  private static IntakeAnswer answer(Map<UUID, IntakeAnswer> answers, NewEvent event) {
    IntakeAnswer answer = answers.get(event.id());
    if (answer == null) {
      throw new IllegalStateException("An event vanished while it was read.");
    }
    return answer;
  }

  private Map<UUID, IntakeAnswer> enter(Handle handle, List<Entry> entries, Instant now) {
    List<Entry> guarded = entries.stream().filter(each -> each.intent() != null).toList();
    Map<UUID, IntakeAnswer> answers = new HashMap<>(known(handle, guarded));
    Set<UUID> taken =
        documents.takeFree(
            handle, intents(guarded.stream().filter(each -> !answers.containsKey(each.id()))), now);
    List<Entry> free =
        entries.stream()
            .filter(each -> each.intent() == null || taken.contains(each.id()))
            .toList();
    answers.putAll(store(handle, free, now));
    // In one order for all, as each guard stays locked: two batches never wait on each other.
    guarded.stream()
        .filter(each -> !answers.containsKey(each.id()))
        .sorted(Comparator.comparing(each -> String.valueOf(each.intent())))
        .forEach(each -> answers.put(each.id(), afterAnother(handle, each, now)));
    return answers;
  }

  private static Map<UUID, SendIntent> intents(Stream<Entry> entries) {
    Map<UUID, SendIntent> intents = new LinkedHashMap<>();
    entries.forEach(
        each -> {
          if (each.intent() != null) {
            intents.put(each.id(), each.intent());
          }
        });
    return intents;
  }

  /** Stores those that nobody's guard stands against; only a key may have been used before. */
  private Map<UUID, IntakeAnswer> store(Handle handle, List<Entry> entries, Instant now) {
    if (entries.isEmpty()) {
      return Map.of();
    }
    // In one order for all, so that two transactions with the same keys never wait on each other.
    List<Begun> ordered =
        entries.stream()
            .map(Entry::begun)
            .sorted(
                Comparator.comparing(
                    each -> each.event().idempotencyKey(),
                    Comparator.nullsFirst(Comparator.naturalOrder())))
            .toList();
    Set<UUID> stored = store.insert(handle, ordered, now);
    Map<UUID, IntakeAnswer> answers = new HashMap<>();
    for (Entry each : entries) {
      if (stored.contains(each.id())) {
        String status = each.begun().beginning().status();
        answers.put(each.id(), new IntakeAnswer.Accepted(each.id(), status));
      }
    }
    List<Entry> others = entries.stream().filter(each -> !stored.contains(each.id())).toList();
    for (Entry each : others) {
      if (each.intent() != null) {
        documents.giveBack(handle, each.intent(), each.id());
      }
    }
    answers.putAll(known(handle, others));
    return answers;
  }

  /** One at a time: somebody, perhaps of the same group, sends the document or sent it. */
  private IntakeAnswer afterAnother(Handle handle, Entry entry, Instant now) {
    Optional<IntakeAnswer> known =
        Optional.ofNullable(known(handle, List.of(entry)).get(entry.id()));
    if (known.isPresent() || entry.intent() == null) {
      return known.orElseThrow();
    }
    Optional<EventView> duplicate = documents.take(handle, entry.intent(), entry.id(), now);
    if (duplicate.isPresent()) {
      return new IntakeAnswer.Duplicate(duplicate.get());
    }
    return Optional.ofNullable(store(handle, List.of(entry), now).get(entry.id()))
        .orElseThrow(() -> new IllegalStateException("An event vanished while it was read."));
  }

  /** What the keys of the callers were answered before, by the events that bring them now. */
  private Map<UUID, IntakeAnswer> known(Handle handle, Collection<Entry> entries) {
    return knownEvents(handle, entries.stream().map(each -> each.begun().event()).toList());
  }

  private Map<UUID, IntakeAnswer> knownEvents(Handle handle, List<NewEvent> events) {
    List<NewEvent> keyed = events.stream().filter(event -> event.idempotencyKey() != null).toList();
    if (keyed.isEmpty()) {
      return Map.of();
    }
    Map<UUID, IntakeStore.Earlier> earlier = store.earlier(handle, keyed);
    Map<UUID, IntakeAnswer> answers = new HashMap<>();
    for (NewEvent event : keyed) {
      IntakeStore.Earlier first = earlier.get(event.id());
      if (first != null) {
        answers.put(event.id(), first.answer(event.requestHash()));
      }
    }
    return answers;
  }
}
