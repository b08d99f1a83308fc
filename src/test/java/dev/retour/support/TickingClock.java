package dev.retour.support;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands until a test moves it. It starts at no special time. */
public final class TickingClock implements InstantSource {
  private volatile Instant now = Instant.parse("2026-03-28T23:59:58.123456Z");

  @Override
  public Instant instant() {
    return now;
  }

  public synchronized void tick(Duration by) {
    now = now.plus(by);
  }
}
