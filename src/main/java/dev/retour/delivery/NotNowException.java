package dev.retour.delivery;

import dev.retour.domains.Admission;
import dev.retour.quarantine.GateAnswer;
import jakarta.mail.MessagingException;
import java.time.Instant;

/**
 * The mail may not go now: sending to its domain pauses, a limit is reached, or a rule of the gate
 * cannot be asked. That is no failure; the mail is given back and waits.
 */
final class NotNowException extends MessagingException {
  static final String DOMAIN_SUSPENDED = "domain-suspended";
  static final String OVER_LIMIT = "over-limit";
  static final String GATE_WAITS = "gate-waits";

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

  /** A rule of the gate does not know yet. */
  NotNowException(Instant until, GateAnswer.Wait wait) {
    super(wait.because());
    this.until = until;
    this.ruleId = GATE_WAITS;
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
