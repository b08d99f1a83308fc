package dev.retour.domains;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A domain nothing, or only little, is sent to at the moment. After the pause a few probes go
 * first; each step of the way up lets through twice as many, and refusals lead back to the start.
 *
 * @param until the end of the pause
 * @param because in words
 * @param decidedBy {@code traffic}, or a person
 * @param step 0 while suspended; then the step of the way up
 * @param stepAt when that began
 * @param granted mails let through in this step
 */
public record Suspension(
    String domain,
    Instant since,
    Instant until,
    String because,
    String decidedBy,
    int step,
    @Nullable Instant stepAt,
    int granted,
    int accepted,
    int refused) {
  static final String BY_TRAFFIC = "traffic";

  /** The answer to a mail that wants to go. */
  sealed interface Asked {
    /** It may go; the row becomes {@code next}. */
    record Go(Suspension next) implements Asked {}

    /** It waits; the row becomes {@code next}. */
    record Later(Suspension next, Instant until) implements Asked {}

    /** Too many were refused again: the pause begins anew. */
    record Relapse(Suspension next) implements Asked {}

    /** All is well; the row goes away. */
    record Over() implements Asked {}
  }

  /** False when a person decided. */
  public boolean isByTraffic() {
    return decidedBy.equals(BY_TRAFFIC);
  }

  /** True from the end of the pause on. */
  public boolean isProbing() {
    return step > 0;
  }

  static Suspension by(
      String decidedBy, String domain, String because, Instant since, Instant until) {
    return new Suspension(domain, since, until, because, decidedBy, 0, null, 0, 0, 0);
  }

  /** What a mail that wants to go now is told. */
  Asked asked(SuspensionPolicy policy, Instant now) {
    if (step == 0) {
      return now.isBefore(until) ? new Asked.Later(this, until) : begin(1, now).ask(policy);
    }
    int answered = accepted + refused;
    boolean all = answered >= policy.allowance(step);
    boolean stepOver = !now.isBefore(stepEnd(policy));
    if ((all || stepOver) && answered > 0 && policy.isBad(answered, refused)) {
      return new Asked.Relapse(
          by(
              BY_TRAFFIC,
              domain,
              "After the pause " + refused + " of " + answered + " mails were refused again.",
              now,
              now.plus(policy.pause())));
    }
    if (!stepOver) {
      return ask(policy);
    }
    if (answered == 0) {
      return begin(step, now).ask(policy); // what was let through came to nothing, or is still out
    }
    return policy.allowance(step + 1) > policy.messages()
        ? new Asked.Over()
        : begin(step + 1, now).ask(policy);
  }

  /**
   * How many mails may be taken up now to ask; what {@link #asked} then says counts. One is enough
   * where its question ends this step or the pause itself.
   */
  int room(SuspensionPolicy policy, Instant now) {
    if (step == 0) {
      return now.isBefore(until) ? 0 : policy.allowance(1);
    }
    int answered = accepted + refused;
    boolean all = answered >= policy.allowance(step);
    boolean stepOver = !now.isBefore(stepEnd(policy));
    if ((all || stepOver) && answered > 0) {
      return policy.isBad(answered, refused) || stepOver ? 1 : left(policy);
    }
    return stepOver ? policy.allowance(step) : left(policy);
  }

  private int left(SuspensionPolicy policy) {
    return Math.max(0, policy.allowance(step) - granted);
  }

  private Asked ask(SuspensionPolicy policy) {
    return granted < policy.allowance(step)
        ? new Asked.Go(
            new Suspension(
                domain,
                since,
                until,
                because,
                decidedBy,
                step,
                stepAt,
                granted + 1,
                accepted,
                refused))
        : new Asked.Later(this, stepEnd(policy));
  }

  private Suspension begin(int next, Instant now) {
    return new Suspension(domain, since, until, because, decidedBy, next, now, 0, 0, 0);
  }

  private Instant stepEnd(SuspensionPolicy policy) {
    return stepAt == null ? until : stepAt.plus(policy.ramp());
  }
}
