package dev.retour.events;

import dev.retour.delivery.Pace;
import dev.retour.delivery.Queue;
import dev.retour.events.IntakeStore.Beginning;
import dev.retour.mail.EmailAddress;
import dev.retour.mail.SigningException;
import dev.retour.messages.EventType;
import dev.retour.messages.Messages;
import dev.retour.messages.RenderException;
import dev.retour.messages.Standing;
import dev.retour.quarantine.AddressBook;
import dev.retour.quarantine.Gate;
import dev.retour.quarantine.GateAnswer;
import dev.retour.quarantine.GateRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Turns due events into work packages. An event is taken for a short time, rendered and signed
 * outside of any transaction by as many threads as there are processors; queuing and the event's
 * change of state are one transaction, which fails unless the event is still ours: a crash anywhere
 * leaves it pending, and no mail is queued twice.
 */
public final class EventProcessor {
  /** How long nobody else tries an event; only promptness after a crash depends on it. */
  private static final Duration TAKEN_FOR = Duration.ofSeconds(30);

  private static final int TAKEN_MAX = 64;

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final EventsConfig config;
  private final Messages messages;
  private final Queue queue;
  private final AddressBook addresses;
  private final EventMail mails;
  private final Enriching enriching;
  private final GateAsking asking;
  private final EventStore store = new EventStore();
  private final Pace pace;
  private final Workers workers = new Workers("event", Runtime.getRuntime().availableProcessors());

  EventProcessor(EventsConfig config, EventsModule.Needs needs) {
    this.config = config;
    this.jdbi = needs.byIndex();
    this.clock = needs.clock();
    this.messages = needs.messages();
    this.queue = needs.queue();
    this.addresses = needs.addresses();
    this.mails = new EventMail(needs);
    this.enriching = new Enriching(config, needs);
    this.asking = new GateAsking(needs);
    this.pace = new Pace(config.batch(), System::nanoTime);
  }

  /**
   * What a turn of the clock processes; only for the one route that turns. While events come in, a
   * few at a time: who posts the next waits for no large page.
   *
   * @return how many events were looked at
   */
  public int poll() {
    int room = config.batch();
    if (!pace.isTurn(room)) {
      return 0;
    }
    int processed = processDue();
    pace.took(processed, room);
    return processed;
  }

  /**
   * Processes what is due: rendered and signed several at a time, then queued a page at a time, so
   * that the disk is asked once for all of them.
   *
   * @return how many events were looked at
   */
  public int processDue() {
    int processed = 0;
    while (processed < config.batch()) {
      int max = Math.min(TAKEN_MAX, config.batch() - processed);
      Instant now = clock.instant();
      // A database keeps microseconds, and this time is compared.
      Instant until = now.plus(TAKEN_FOR).truncatedTo(ChronoUnit.MICROS);
      List<DueEvent> taken = jdbi.inTransaction(handle -> store.take(handle, max, until, now));
      process(taken, now);
      processed += taken.size();
      if (taken.size() < max) {
        return processed;
      }
    }
    return processed;
  }

  private void process(List<DueEvent> all, Instant now) {
    List<DueEvent> taken = afterEnrichment(all, now);
    Map<UUID, GateAnswer> gates = gates(taken);
    Decisions decisions = new Decisions(jdbi, queue, new Routing(config));
    try {
      workers.forEach(taken, event -> decisions.add(decide(event, gates, now)));
    } finally {
      decisions.carryOut();
    }
  }

  /** Those whose mail can be made; other databases are asked for the others, beside. */
  private List<DueEvent> afterEnrichment(List<DueEvent> all, Instant now) {
    List<DueEvent> ready = new ArrayList<>();
    Map<String, List<DueEvent>> toEnrich = new LinkedHashMap<>();
    Map<String, EventType> types = new HashMap<>();
    for (DueEvent event : all) {
      EventType type = messages.published(event.eventType()).orElse(null);
      boolean missing =
          type != null
              && !type.sources().isEmpty()
              && !event.enriched().areFor(type.version())
              && now.isBefore(config.tooOldAt(event.expiration(), event.from()));
      if (type != null && missing) {
        types.putIfAbsent(type.id(), type);
        toEnrich.computeIfAbsent(type.id(), id -> new ArrayList<>()).add(event);
      } else {
        ready.add(event);
      }
    }
    toEnrich.forEach(
        (id, events) -> enriching.begin(Objects.requireNonNull(types.get(id)), events));
    return ready;
  }

  /**
   * The gate for all of them; one whose address cannot be read is told of later. Events whose
   * recipient is known only since now have the quick look that others had when they came in.
   */
  private Map<UUID, GateAnswer> gates(List<DueEvent> taken) {
    Gate gate = addresses.gate();
    Map<UUID, GateAnswer> gates = new HashMap<>();
    gates.putAll(gates(taken.stream().filter(event -> !isProfile(event)), gate::standing));
    gates.putAll(gates(taken.stream().filter(this::isProfile), gate::look));
    return gates;
  }

  private boolean isProfile(DueEvent event) {
    return messages.published(event.eventType()).filter(EventType::isProfile).isPresent();
  }

  /** Asked once for all of these. */
  private Map<UUID, GateAnswer> gates(
      Stream<DueEvent> some, Function<List<GateRequest>, List<GateAnswer>> gate) {
    Map<UUID, GateRequest> requests = new LinkedHashMap<>();
    some.forEach(
        event ->
            address(event)
                .ifPresent(recipient -> requests.put(event.id(), asking.of(event, recipient))));
    if (requests.isEmpty()) {
      return Map.of();
    }
    Iterator<GateAnswer> answers = gate.apply(List.copyOf(requests.values())).iterator();
    Map<UUID, GateAnswer> gates = new HashMap<>();
    requests.keySet().forEach(id -> gates.put(id, answers.next()));
    return gates;
  }

  private Decision decide(DueEvent event, Map<UUID, GateAnswer> gates, Instant now) {
    Instant tooOldAt = config.tooOldAt(event.expiration(), event.from());
    if (!now.isBefore(tooOldAt)) {
      return end(event, "tooOld", null, tooOldSentence(event), now);
    }
    Optional<EventType> type = messages.published(event.eventType());
    if (type.isEmpty()) {
      return new Decision.Unrouted(
          event, config.backOff(event.tries()), inForce(event.eventType()), now);
    }
    if (event.email() == null) {
      String nobody = "It came without a recipient, and its message takes none from elsewhere.";
      return end(event, "targetingFailed", null, nobody, now);
    }
    Optional<EmailAddress> address = address(event);
    if (address.isEmpty()) {
      return postpone(
          event, type.get(), "Its address was accepted, but cannot be read any more.", now);
    }
    EmailAddress recipient = address.get();
    // With several recipients each has a state of its own: the gate before sending decides.
    boolean alone = event.wishes().copies().isEmpty();
    if (alone && gates.get(event.id()) instanceof GateAnswer.Closed closed) {
      return end(event, "ignored", closed.reason().code(), closed.because(), now);
    }
    try {
      return new Decision.Queued(
          event, mails.of(event, type.get(), recipient, now), type.get().version(), now);
    } catch (RenderException | SigningException e) {
      return postpone(event, type.get(), e.getMessage(), now);
    }
  }

  private int inForce(String message) {
    Standing standing = messages.standing(message);
    return standing instanceof Standing.Published published
        ? published.version()
        : standing instanceof Standing.Paused paused ? paused.version() : 0;
  }

  private Decision postpone(DueEvent event, EventType type, @Nullable String fault, Instant now) {
    return new Decision.Postponed(
        event, String.valueOf(fault), config.backOff(event.tries()), type.version(), now);
  }

  private static Optional<EmailAddress> address(DueEvent event) {
    return event.email() == null ? Optional.empty() : EmailAddress.parse(event.email());
  }

  private static Decision end(
      DueEvent event, String status, @Nullable Integer reason, String sentence, Instant now) {
    return new Decision.Ended(event, new Beginning(status, reason, sentence, null), now);
  }

  private static String tooOldSentence(DueEvent event) {
    return event.expiration() != null
        ? "Its own expiration passed before it could be processed."
        : "It could not be processed within the validity of an event.";
  }
}
