package dev.retour.console;

import dev.retour.console.Snapshot.Count;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the first page's figures from the database, once per refresh for all who look, so that ten
 * open browsers cost the mail queue no more than one.
 */
final class Dashboard {
  private static final Logger log = LoggerFactory.getLogger(Dashboard.class);
  private static final List<String> ADDRESS_STATES =
      List.of("quarantined", "denylisted", "with_errors", "allowlisted");

  private static final int PAUSE_FACTOR = 4;

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final ConsoleConfig config;
  private @Nullable Reading last;
  private Instant readAt = Instant.MIN;
  private Instant freshUntil = Instant.MIN;

  Dashboard(Jdbi jdbi, InstantSource clock, ConsoleConfig config) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.config = config;
  }

  /**
   * The newest reading, about one refresh old at most. Callers that come meanwhile wait for it.
   *
   * <p>A reading that took long is kept longer, so that the console never asks for more than a
   * fifth of the time, however large the tables are or slow the database is.
   */
  synchronized Reading read() {
    Instant start = clock.instant();
    // A clock set back must not freeze the page.
    if (last != null && !start.isBefore(readAt) && start.isBefore(freshUntil)) {
      return last;
    }
    Reading reading = ask(start);
    Instant end = clock.instant();
    Duration pause = Duration.between(start, end).multipliedBy(PAUSE_FACTOR);
    // Half a refresh, so that a page that asks each refresh never gets the same figures twice.
    Duration least = config.refresh().dividedBy(2);
    freshUntil = end.plus(pause.compareTo(least) > 0 ? pause : least);
    last = reading;
    readAt = start;
    return reading;
  }

  private Reading ask(Instant now) {
    try {
      return new Reading.Taken(
          jdbi.inTransaction(
              TransactionIsolationLevel.REPEATABLE_READ, handle -> snapshot(handle, now)));
    } catch (JdbiException e) {
      // Jdbi puts class names and the whole statement around what the database said.
      String words = String.valueOf((e.getCause() == null ? e : e.getCause()).getMessage());
      log.warn(
          "The console cannot read the database and shows no figures until it answers: {}", words);
      return new Reading.Refused(words);
    }
  }

  private Snapshot snapshot(Handle handle, Instant now) {
    Rows.readOnly(handle, config.queryTimeout());
    return new Snapshot(now, events(handle), queue(handle), bounces(handle), addresses(handle));
  }

  private Snapshot.Events events(Handle handle) {
    return new Snapshot.Events(
        ConsoleEventStore.eventCounts(handle, config.window()),
        ConsoleEventStore.newestEvents(handle, config.rows()),
        ConsoleEventStore.postponedEvents(handle, config.countMax(), config.rows()));
  }

  private Snapshot.Queue queue(Handle handle) {
    List<Count> counts = new ArrayList<>(ConsoleQueueStore.queuedCounts(handle, config.countMax()));
    counts.addAll(ConsoleQueueStore.sendingCount(handle, config.countMax()));
    counts.addAll(ConsoleQueueStore.attentionCounts(handle, config.countMax()));
    return new Snapshot.Queue(
        List.copyOf(counts),
        ConsoleQueueStore.nextDue(handle).orElse(null),
        ConsoleQueueStore.attention(handle, config.rows()));
  }

  private Snapshot.Bounces bounces(Handle handle) {
    return new Snapshot.Bounces(
        ConsoleBounceStore.bounceKinds(handle, config.window()),
        ConsoleBounceStore.bounceFolders(handle, config.window()),
        ConsoleBounceStore.newestBounces(handle, config.rows()));
  }

  private Snapshot.Addresses addresses(Handle handle) {
    List<Count> counts = new ArrayList<>();
    for (String state : ADDRESS_STATES) {
      counts.addAll(ConsoleAddressStore.addressCounts(handle, state, config.countMax()));
    }
    return new Snapshot.Addresses(
        List.copyOf(counts), ConsoleAddressStore.newestAddresses(handle, config.rows()));
  }
}
