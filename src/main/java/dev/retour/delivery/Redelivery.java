package dev.retour.delivery;

import java.time.Instant;

/**
 * The redelivery rules in force, applied to packages; a changed file replaces them as a whole.
 *
 * <p>They are asked anew after each attempt, so that a change also reaches what waits already.
 */
public final class Redelivery {
  private volatile RedeliveryRules rules;

  public Redelivery(RedeliveryRules rules) {
    this.rules = rules;
  }

  public RedeliveryRules rules() {
    return rules;
  }

  public void replace(RedeliveryRules checked) {
    rules = checked;
  }

  /** The timing of a mail that is about to be queued. */
  public RedeliverySchedule schedule(String message, String domain, RedeliveryRequest request) {
    return rules.scheduleFor(message, domain, request);
  }

  /** Waiting, or expired with the sentence that says why it is not tried again. */
  NextStep later(ClaimedPackage claimed, Failure failure, Instant now) {
    RedeliverySchedule schedule =
        schedule(claimed.message(), claimed.domain(), claimed.redelivery());
    Instant end = schedule.end(claimed.queuedAt());
    NextAttempt next =
        schedule.next(
            Math.max(1, claimed.spent()),
            now,
            claimed.id(),
            claimed.expiresAt().isBefore(end) ? claimed.expiresAt() : end);
    return next instanceof NextAttempt.At at
        ? new NextStep(PackageState.WAITING, at.dueAt(), failure)
        : new NextStep(
            PackageState.EXPIRED,
            null,
            failure,
            "Not tried again: " + next.why() + ". The last failure: " + failure.text());
  }
}
