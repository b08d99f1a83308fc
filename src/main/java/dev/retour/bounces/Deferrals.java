package dev.retour.bounces;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Mails that could not be fetched or stored, left out for a growing time: one that breaks the
 * connection each time must not keep those behind it from being read. Tried again at once the first
 * time, since the server may just have restarted.
 */
final class Deferrals {
  private static final int KEPT_MAX = 1_000;
  private static final int DOUBLINGS_MAX = 6;

  private final InstantSource clock;
  private final Duration first;
  private final Map<String, Deferral> deferrals = new LinkedHashMap<>();

  private record Deferral(int failures, Instant until) {}

  Deferrals(InstantSource clock, Duration first) {
    this.clock = clock;
    this.first = first;
  }

  synchronized boolean isDeferred(String uid) {
    Deferral deferral = deferrals.get(uid);
    return deferral != null && clock.instant().isBefore(deferral.until());
  }

  synchronized void failed(String uid) {
    Deferral before = deferrals.remove(uid);
    int failures = before == null ? 1 : before.failures() + 1;
    long factor = failures == 1 ? 0 : 1L << Math.min(failures - 2, DOUBLINGS_MAX);
    deferrals.put(uid, new Deferral(failures, clock.instant().plus(first.multipliedBy(factor))));
    if (deferrals.size() > KEPT_MAX) {
      deferrals.remove(deferrals.keySet().iterator().next());
    }
  }

  /** How many mails may be left out at the moment. */
  synchronized int size() {
    return deferrals.size();
  }

  synchronized void done(String uid) {
    deferrals.remove(uid);
  }
}
