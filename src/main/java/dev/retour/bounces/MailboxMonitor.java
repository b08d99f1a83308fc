package dev.retour.bounces;

import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a mailbox can be read: red from the first look that failed to the next that did not. */
public final class MailboxMonitor {
  private static final Logger log = LoggerFactory.getLogger(MailboxMonitor.class);

  /**
   * The state of a mailbox.
   *
   * @param enabled whether it is read at all
   * @param since when it came into this state; null: not looked at yet
   * @param mails how many mails were taken from it since the start
   */
  public record State(
      boolean enabled, boolean up, @Nullable Instant since, @Nullable String fault, long mails) {}

  /** What a mailbox is read for follows from how it is read. */
  public enum Protocol {
    /** Bounces. */
    IMAP,
    /** Complaints of a feedback loop. */
    POP3
  }

  private final Protocol protocol;
  private final String account;
  private final InstantSource clock;
  private volatile State state;

  MailboxMonitor(Protocol protocol, String account, boolean enabled, InstantSource clock) {
    this.protocol = protocol;
    this.account = account;
    this.clock = clock;
    this.state = new State(enabled, true, null, null, 0);
  }

  public Protocol protocol() {
    return protocol;
  }

  /** Whose mailbox it is, and where. */
  public String account() {
    return account;
  }

  /** What an operator calls it. */
  String name() {
    return (protocol == Protocol.IMAP ? "Bounce mailbox, IMAP " : "Feedback mailbox, POP3 ")
        + account;
  }

  public State state() {
    return state;
  }

  synchronized void looked(int mails) {
    State before = state;
    boolean changed = !before.up() || before.since() == null;
    state =
        new State(
            true, true, changed ? clock.instant() : before.since(), null, before.mails() + mails);
    if (!before.up()) {
      log.info("{} can be read again.", name());
    }
    if (mails > 0) {
      log.info("{}: {} mails taken.", name(), mails);
    }
  }

  synchronized void failed(String fault) {
    State before = state;
    state =
        new State(
            true, false, before.up() ? clock.instant() : before.since(), fault, before.mails());
    if (before.up()) {
      log.warn(
          "{} cannot be read: {}. Bounces wait in it; reading resumes by itself.", name(), fault);
    }
  }
}
