package dev.retour.delivery;

import dev.retour.qualification.FailureType;
import dev.retour.qualification.Reason;
import dev.retour.store.StoreFault;
import jakarta.mail.MessagingException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells faults of a mail from those it has no part in: a paused mailbox, a database that is away.
 * None of these can have handed the mail over, so it is given back and waits.
 */
final class Deferral {
  private static final int CAUSES_MAX = 10;
  private static final int CUT_OFFS_MAX = 3;
  private static final Duration CUT_OFF_FIRST = Duration.ofSeconds(1);
  static final String MAILBOX_PAUSED = "mailbox-paused";
  private static final String NOT_HANDED_OVER = "not-handed-over";

  private Deferral() {}

  static boolean isAboutTheMail(Throwable thrown) {
    return cause(thrown).isEmpty();
  }

  /**
   * A connection cut while the relay took the body is the relay's fault at first: it went away, and
   * the next attempt finds its mailbox paused or the relay back. Only who is cut off again and
   * again may have a part in it, and spends attempts.
   */
  static boolean isCutOff(ClaimedPackage claimed, Throwable thrown, SmtpFault fault) {
    boolean triedAgainAtOnce = thrown instanceof NothingHandedOverException;
    return fault.cutsBody() && !triedAgainAtOnce && claimed.unspent() < CUT_OFFS_MAX;
  }

  /** When it is tried again: after 1, 2, 4 seconds. */
  static Instant afterCutOff(ClaimedPackage claimed, Instant now) {
    return now.plus(CUT_OFF_FIRST.multipliedBy(1L << claimed.unspent()));
  }

  /** When a package that is given back may be claimed again. */
  static Instant until(Throwable thrown, Instant now) {
    return cause(thrown).orElse(thrown) instanceof NotNowException wait ? wait.until() : now;
  }

  /** What a person reads at the package while it waits. */
  static Failure failure(Throwable thrown, SmtpFault fault) {
    if (cause(thrown).orElse(thrown) instanceof NotNowException wait) {
      return new Failure(
          FailureType.IGNORED,
          Reason.NOT_DEFINED,
          String.valueOf(wait.getMessage()),
          wait.ruleId());
    }
    if (cause(thrown).orElse(thrown) instanceof MailboxUnavailableException paused) {
      return paused(paused.mailbox(), fault.text());
    }
    return new Failure(
        FailureType.IGNORED,
        Reason.NOT_DEFINED,
        "Not handed over: " + fault.text(),
        NOT_HANDED_OVER);
  }

  /** The same for mails that were not even tried, as the mailbox was known to be paused. */
  static Failure paused(String mailbox, String fault) {
    String named = mailbox.equals(RelayMonitor.DEFAULT) ? "" : mailbox + " ";
    return new Failure(
        FailureType.IGNORED,
        Reason.UNREACHABLE,
        "The mailbox " + named + "is paused, this mail waits for it: " + fault,
        MAILBOX_PAUSED);
  }

  /**
   * The exception that says so. A fence is one: the connection was cut before the final dot,
   * whether or not {@code body_sent} was committed in spite of the fault.
   */
  private static Optional<Throwable> cause(Throwable thrown) {
    @Nullable Throwable cause = thrown;
    for (int depth = 0; cause != null && depth < CAUSES_MAX; depth++) {
      if (cause instanceof MailboxUnavailableException
          || cause instanceof NotNowException
          || cause instanceof FenceException
          || StoreFault.isAway(cause)) {
        return Optional.of(cause);
      }
      cause =
          cause instanceof MessagingException mail && mail.getNextException() != null
              ? mail.getNextException()
              : cause.getCause();
    }
    return Optional.empty();
  }
}
