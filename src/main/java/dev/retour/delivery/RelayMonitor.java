package dev.retour.delivery;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a mailbox (the account at a relay) takes mail. It is paused from the first fault of
 * connection or login to the next success: nothing is claimed for it meanwhile, no package fails or
 * spends an attempt, and it is tried by itself after 1 s, 2 s, 4 s … 60 s (spec A8).
 */
public final class RelayMonitor {
  /** The mailbox of the settings; the others are named by their relay and user. */
  public static final String DEFAULT = "default";

  private static final Logger log = LoggerFactory.getLogger(RelayMonitor.class);
  private static final Duration PROBE_FIRST = Duration.ofSeconds(1);
  private static final Duration PROBE_MAX = Duration.ofSeconds(60);
  private static final int DOUBLINGS_MAX = 10;

  /**
   * The state of the mailbox.
   *
   * @param up false while it is paused
   * @param since when it came into this state; null: never tried
   * @param fault the fault in words when paused
   */
  public record State(boolean up, @Nullable Instant since, @Nullable String fault) {}

  private final String mailbox;
  private final InstantSource clock;
  private volatile State state = new State(true, null, null);
  private volatile int faults;
  private @Nullable Instant faultySince;
  private volatile Instant probeAt = Instant.MIN;

  public RelayMonitor(InstantSource clock) {
    this(DEFAULT, clock);
  }

  RelayMonitor(String mailbox, InstantSource clock) {
    this.mailbox = mailbox;
    this.clock = clock;
  }

  public String mailbox() {
    return mailbox;
  }

  public State state() {
    return state;
  }

  /** When a paused mailbox is tried next. */
  public Instant probeAt() {
    return probeAt;
  }

  boolean isProbeDue() {
    return !state.up() && !clock.instant().isBefore(probeAt);
  }

  /**
   * Nothing is tried while paused.
   *
   * @throws MailboxUnavailableException with the fault it is paused for
   */
  void requireOpen() throws MailboxUnavailableException {
    State now = state;
    if (!now.up()) {
      throw new MailboxUnavailableException(mailbox, String.valueOf(now.fault()), null);
    }
  }

  /** A mail was taken. */
  void works() {
    if (faults == 0 && state.up() && state.since() != null) {
      return;
    }
    synchronized (this) {
      faults = 0;
      faultySince = null;
      resume();
    }
  }

  /**
   * Connection and login succeed again. The next fault before a mail is taken goes on with the
   * distances where they were: a relay that greets but takes nothing is not asked each second.
   */
  synchronized void answers() {
    resume();
  }

  synchronized void fails(String fault) {
    State before = state;
    Instant now = clock.instant();
    if (before.up() && before.since() != null && !now.isBefore(before.since().plus(PROBE_MAX))) {
      faults = 0; // another outage, even when no mail went since the last one
      faultySince = null;
    }
    // Eight senders that meet one fault at the same time are one fault.
    if (before.up() || !now.isBefore(probeAt)) {
      faults++;
      Duration wait = PROBE_FIRST.multipliedBy(1L << Math.min(faults - 1, DOUBLINGS_MAX));
      probeAt = now.plus(wait.compareTo(PROBE_MAX) > 0 ? PROBE_MAX : wait);
    }
    if (faultySince == null) {
      faultySince = now;
    }
    state = new State(false, faultySince, fault);
    if (before.up()) {
      log.warn(
          "Mailbox {} takes no mail and is paused: {}. Mails wait and go out by themselves later.",
          mailbox,
          fault);
    }
  }

  private void resume() {
    State before = state;
    if (!before.up() || before.since() == null) {
      state = new State(true, clock.instant(), null);
      if (!before.up()) {
        log.info("Mailbox {} can be used again; sending goes on.", mailbox);
      }
    }
  }
}
