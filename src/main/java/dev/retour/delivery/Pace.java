package dev.retour.delivery;

import java.time.Duration;

/**
 * When a queue is looked at: now and then, and while more is due than there was room for, as soon
 * as half of the room is free again. Used by one thread.
 */
final class Pace {
  private static final Duration NOW_AND_THEN = Duration.ofMillis(190);

  private final int most;
  private boolean more;
  private long lookedAt = System.nanoTime() - NOW_AND_THEN.toNanos();

  /**
   * @param most the room there is when nothing is in hand
   */
  Pace(int most) {
    this.most = most;
  }

  /** True when it is to be looked at now. */
  boolean isTurn(int room) {
    long now = System.nanoTime();
    if (now - lookedAt < NOW_AND_THEN.toNanos() && !(more && room > most / 2)) {
      return false;
    }
    lookedAt = now;
    return true;
  }

  /** What came of it. */
  void took(int packages, int room) {
    more = packages > 0 && packages >= room;
  }
}
