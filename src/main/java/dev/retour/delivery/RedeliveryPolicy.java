package dev.retour.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * When a failed mail is tried again (spec B3). The sentence it stands for: so many attempts at
 * least so long apart, then so many more at a wider distance, and none after the validity.
 *
 * @param id its name in {@code rules/redelivery.rules.yaml}
 * @param message the message it is for, or {@code *}
 * @param domain the recipient domain it is for, or {@code *}
 * @param because why it is so
 * @param steps the schedule, first step first
 * @param validity how long after queuing a mail may still be attempted
 */
public record RedeliveryPolicy(
    String id, String message, String domain, String because, List<Step> steps, Duration validity) {

  /**
   * A stretch of the schedule.
   *
   * @param attempts how many attempts it holds; the first attempt of all counts into the first step
   * @param spacing the least distance of each of them from the attempt before
   */
  public record Step(int attempts, Duration spacing) {
    /** Checks the bounds. */
    public Step {
      if (attempts < 1 || attempts > 1_000) {
        throw new IllegalArgumentException("attempts must be from 1 to 1000");
      }
      if (spacing.isNegative() || spacing.compareTo(Duration.ofDays(30)) > 0) {
        throw new IllegalArgumentException("spacing must be from 0s to 30d");
      }
    }
  }

  /** Checks the bounds. */
  public RedeliveryPolicy {
    steps = List.copyOf(steps);
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("a policy needs at least one step in its schedule");
    }
    if (validity.isZero() || validity.isNegative() || validity.compareTo(Duration.ofDays(60)) > 0) {
      throw new IllegalArgumentException("validity must be from 1s to 60d");
    }
  }

  boolean matches(String ofMessage, String ofDomain) {
    return (message.equals("*") || message.equals(ofMessage))
        && (domain.equals("*") || domain.toLowerCase(Locale.ROOT).equals(ofDomain));
  }

  /**
   * The time of the next attempt.
   *
   * @param made how many attempts were made, at least 1
   * @param last when the last of them ended
   * @param expires end of validity of the package
   * @return nothing when the schedule is used up or the next attempt would come too late
   */
  public Optional<Instant> next(int made, Instant last, Instant expires) {
    int before = 0;
    for (Step step : steps) {
      before += step.attempts();
      if (made < before) {
        return Optional.of(last.plus(step.spacing())).filter(due -> due.isBefore(expires));
      }
    }
    return Optional.empty();
  }
}
