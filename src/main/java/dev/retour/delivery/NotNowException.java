package dev.retour.delivery;

import dev.retour.domains.Admission;
import jakarta.mail.MessagingException;
import java.time.Instant;

/**
 * The mail may not go now: sending to its domain pauses, or a limit is reached. That is no failure;
 * the mail is given back and waits.
 */
final class NotNowException extends MessagingException {
  static final String DOMAIN_SUSPENDED = "domain-suspended";
  static final String OVER_LIMIT = "over-limit";

  private static final long serialVersionUID = 1L;

  private final Instant until;
  private final String ruleId;

  NotNowException(Admission.Wait wait) {
    this(wait.until(), wait);
  }

  /**
   * @param until when the queue shall look at it again
   */
  NotNowException(Instant until, Admission.Wait wait) {
    super(wait.why());
    this.until = until;
    this.ruleId = wait.suspended() ? DOMAIN_SUSPENDED : OVER_LIMIT;
  }

  Instant until() {
    return until;
  }

  /** What is stored as the rule that made the mail wait. */
  String ruleId() {
    return ruleId;
  }

  /** A backlog meets thousands of these a second; nobody reads where they were made. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
