package dev.retour.delivery;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * When a queue is looked at: now and then while nothing comes, soon after something came, and as
 * soon as half of the room is free again while more is due than there was room for. Small turns
 * that follow each other leave the processors to whoever waits for an answer meanwhile. Used by one
 * thread.
 */
public final class Pace {
  private static final Duration NOW_AND_THEN = Duration.ofMillis(190);
  private static final Duration SOON = Duration.ofMillis(55);

  private final int most;
  private final LongSupplier nanoTime;
  private boolean some;
  private boolean more;
  private long lookedAt;

  /**
   * @param most the room there is when nothing is in hand
   * @param nanoTime as {@link System#nanoTime}
   */
  public Pace(int most, LongSupplier nanoTime) {
    this.most = most;
    this.nanoTime = nanoTime;
    this.lookedAt = nanoTime.getAsLong() - NOW_AND_THEN.toNanos();
  }

  /** True when it is to be looked at now. */
  public boolean isTurn(int room) {
    long now = nanoTime.getAsLong();
    Duration pause = some ? SOON : NOW_AND_THEN;
    if (now - lookedAt < pause.toNanos() && !(more && room > most / 2)) {
      return false;
    }
    lookedAt = now;
    return true;
  }

  /** What came of it. */
  public void took(int found, int room) {
    some = found > 0;
    more = some && found >= room;
  }
}
