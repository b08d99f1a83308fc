package dev.retour.events;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Spares callers the wait for a database that is known to be away: after a fault one request a
 * second tries it, all others are answered at once.
 */
final class StoreGate {
  private static final Duration TRY_EVERY = Duration.ofSeconds(1);

  private final InstantSource clock;
  private boolean away;
  private Instant nextTry = Instant.MIN;

  StoreGate(InstantSource clock) {
    this.clock = clock;
  }

  /** False when it would be in vain. */
  synchronized boolean mayTry() {
    if (!away) {
      return true;
    }
    Instant now = clock.instant();
    if (now.isBefore(nextTry)) {
      return false;
    }
    nextTry = now.plus(TRY_EVERY);
    return true;
  }

  synchronized void works() {
    away = false;
  }

  /** True when that is news. */
  synchronized boolean fails() {
    boolean news = !away;
    away = true;
    nextTry = clock.instant().plus(TRY_EVERY);
    return news;
  }
}
