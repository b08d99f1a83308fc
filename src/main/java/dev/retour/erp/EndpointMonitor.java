package dev.retour.erp;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the ERP's endpoint answers. While it does not, one fact at a time is tried after 1 s, 2
 * s, 4 s … 60 s; the others wait without spending an attempt, and go out at once when it is back.
 */
public final class EndpointMonitor {
  private static final Logger log = LoggerFactory.getLogger(EndpointMonitor.class);
  private static final Duration PROBE_FIRST = Duration.ofSeconds(1);
  private static final Duration PROBE_MAX = Duration.ofSeconds(60);
  private static final int DOUBLINGS_MAX = 10;

  /**
   * The state of the endpoint.
   *
   * @param up false while it does not answer
   * @param since when it came into this state; null: never tried
   * @param fault the last fault in words when it is down
   */
  public record State(boolean up, @Nullable Instant since, @Nullable String fault) {}

  private final InstantSource clock;
  private State state = new State(true, null, null);
  private int faults;
  private boolean trying;
  private Instant probeAt = Instant.MIN;

  EndpointMonitor(InstantSource clock) {
    this.clock = clock;
  }

  public synchronized State state() {
    return state;
  }

  /** True when a fact may be claimed at all. */
  synchronized boolean isProbeDue() {
    return !state.up() && !clock.instant().isBefore(probeAt);
  }

  /** Takes the turn: while it is down, one fact in each interval. */
  synchronized boolean mayTry() {
    if (state.up()) {
      return true;
    }
    if (!isProbeDue()) {
      return false;
    }
    trying = true;
    probeAt = clock.instant().plus(distance());
    return true;
  }

  synchronized Instant probeAt() {
    return probeAt;
  }

  /** It answered, whatever it thinks of the fact. */
  synchronized void answers() {
    if (!state.up() || state.since() == null) {
      if (!state.up()) {
        log.info("The ERP answers again; callbacks go on.");
      }
      state = new State(true, clock.instant(), null);
    }
    faults = 0;
  }

  /**
   * It did not, or cannot take anything now.
   *
   * @param wait what it asked for; null: nothing
   */
  synchronized void fails(String fault, @Nullable Duration wait) {
    Instant now = clock.instant();
    // Several requests that meet one fault at the same time are one fault.
    if (state.up() || trying) {
      faults++;
      trying = false;
    }
    Duration distance = distance();
    Instant next = now.plus(wait != null && wait.compareTo(distance) > 0 ? wait : distance);
    if (next.isAfter(probeAt)) {
      probeAt = next;
    }
    if (state.up()) {
      log.warn("The ERP does not take callbacks: {} They wait and go out by themselves.", fault);
      state = new State(false, now, fault);
    } else {
      state = new State(false, state.since(), fault);
    }
  }

  private Duration distance() {
    Duration wait =
        PROBE_FIRST.multipliedBy(1L << Math.min(Math.max(0, faults - 1), DOUBLINGS_MAX));
    return wait.compareTo(PROBE_MAX) > 0 ? PROBE_MAX : wait;
  }
}
