package dev.retour.events;

import dev.retour.delivery.Queue;
import dev.retour.events.IntakeStore.Beginning;
import dev.retour.mail.EmailAddress;
import dev.retour.messages.Enricher;
import dev.retour.messages.EnrichmentAnswer;
import dev.retour.messages.EnrichmentAnswer.Failed;
import dev.retour.messages.EnrichmentAnswer.Found;
import dev.retour.messages.EnrichmentAnswer.Later;
import dev.retour.messages.EnrichmentAnswer.Missing;
import dev.retour.messages.EventType;
import dev.retour.store.Sources;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks other databases for what events need, beside everything else: each source, or set of sources
 * that are asked together, has threads of its own, so that a slow one delays nobody else's mails.
 * What they said is stored with the event, and the next turn of the processor makes its mail.
 */
final class Enriching {
  private static final Logger log = LoggerFactory.getLogger(Enriching.class);

  /** A page is carried out in parts, so that its slowest event does not hold up the others. */
  private static final long CARRY_OUT_NANOS = Duration.ofMillis(500).toNanos();

  private static final Duration NEXT_TURN = Duration.ofSeconds(2);

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final EventsConfig config;
  private final Queue queue;
  private final Sources sources;
  private final Enricher enricher;
  private final Map<String, SourceThreads> threads = new ConcurrentHashMap<>();

  Enriching(EventsConfig config, EventsModule.Needs needs) {
    this.config = config;
    this.jdbi = needs.byIndex();
    this.clock = needs.clock();
    this.queue = needs.queue();
    this.sources = needs.sources();
    this.enricher = new Enricher(sources);
  }

  /** Events of one page and type. */
  private final class Page {
    private final EventType type;
    private final Decisions decisions = new Decisions(jdbi, queue, new Routing(config));
    private final AtomicInteger left;
    private final AtomicLong carriedOut = new AtomicLong(System.nanoTime());

    Page(EventType type, int events) {
      this.type = type;
      this.left = new AtomicInteger(events);
    }

    /** One that waited so long that somebody else may have it by now is left to them. */
    void enrich(DueEvent event) {
      try {
        if (clock.instant().isBefore(event.takenUntil())) {
          decisions.add(decide(type, event));
        }
      } catch (RuntimeException e) {
        log.error("Event {} could not be enriched; it is tried again.", event.id(), e);
      } finally {
        done();
      }
    }

    void busy(DueEvent event) {
      Instant now = clock.instant();
      String fault = "Waits for its turn at " + String.join(", ", type.sources()) + ".";
      Instant due = now.plus(NEXT_TURN);
      decisions.add(new Decision.Waiting(event, fault, due, false, type.version(), now));
      done();
    }

    private void done() {
      long before = carriedOut.get();
      long now = System.nanoTime();
      boolean last = left.decrementAndGet() == 0;
      boolean due = now - before > CARRY_OUT_NANOS && carriedOut.compareAndSet(before, now);
      if (last || due) {
        try {
          decisions.carryOut();
        } catch (RuntimeException e) {
          log.warn("What sources said could not be stored; they are asked again.", e);
        }
      }
    }
  }

  /** Begins; returns at once. */
  void begin(EventType type, List<DueEvent> events) {
    Page page = new Page(type, events.size());
    SourceThreads own =
        threads.computeIfAbsent(
            String.join("+", type.sources()), key -> new SourceThreads(key, connections(type)));
    for (DueEvent event : events) {
      try {
        own.execute(() -> page.enrich(event));
      } catch (RejectedExecutionException e) {
        page.busy(event);
      }
    }
  }

  private int connections(EventType type) {
    return type.sources().stream().mapToInt(sources::connections).min().orElse(1);
  }

  private Decision decide(EventType type, DueEvent event) {
    EnrichmentAnswer answer =
        enricher.enrich(type, StoredDocument.tree(event.ctx()), event.email(), event.documentId());
    Instant now = clock.instant();
    if (answer instanceof Found found) {
      return found(type, event, found, now);
    }
    if (answer instanceof Missing missing) {
      return missing(type, event, missing, now);
    }
    if (answer instanceof Later later) {
      Duration wait = config.backOff(event.tries());
      Duration most = later.away() ? config.awayMax() : wait;
      Duration delay = wait.compareTo(most) > 0 ? most : wait;
      return new Decision.Postponed(event, later.because(), delay, type.version(), now);
    }
    return failed(event, ((Failed) answer).because(), now);
  }

  private static Decision found(EventType type, DueEvent event, Found found, Instant now) {
    Optional<EmailAddress> recipient =
        Optional.ofNullable(found.recipient()).flatMap(EmailAddress::parse);
    if (found.recipient() != null && recipient.isEmpty()) {
      return failed(event, "The source has no usable address for its recipient.", now);
    }
    return new Decision.Enriched(
        event, found.values().toString(), recipient.orElse(null), type.version(), now);
  }

  private static Decision missing(EventType type, DueEvent event, Missing missing, Instant now) {
    Instant since = event.enriched().waitingSince() == null ? now : event.enriched().waitingSince();
    Instant end = since.plus(missing.waitUpTo());
    if (!now.isBefore(end)) {
      return failed(
          event, missing.because() + " It was waited for since " + shown(since) + ".", now);
    }
    Instant next = now.plus(missing.every());
    Instant due = next.isAfter(end) ? end : next;
    String fault = missing.because() + " It is waited for until " + shown(end) + ".";
    return new Decision.Waiting(event, fault, due, true, type.version(), now);
  }

  private static Instant shown(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS);
  }

  private static Decision failed(DueEvent event, String because, Instant now) {
    return new Decision.Ended(event, new Beginning("targetingFailed", null, because, null), now);
  }
}
