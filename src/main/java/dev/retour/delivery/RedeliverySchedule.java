package dev.retour.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The timing of a policy (spec B3): so many attempts at least so long apart, then so many more at a
 * wider distance, none in quiet hours, none after the end.
 *
 * @param steps the stretches, first one first
 * @param jitter up to this is added to each distance, the same for the same package each time it is
 *     asked, so that the timeline shown is the timeline followed
 * @param quietHours an attempt due in them moves to their end; null: there are none
 * @param validity how long after queuing a mail may still be attempted
 * @param until no attempt from then on, whenever it was queued; null: no such date
 */
public record RedeliverySchedule(
    List<Step> steps,
    Duration jitter,
    @Nullable QuietHours quietHours,
    Duration validity,
    @Nullable Instant until) {
  static final int ATTEMPTS_MAX = 1_000;
  static final Duration SPACING_MAX = Duration.ofDays(30);
  static final Duration VALIDITY_MAX = Duration.ofDays(60);
  static final Duration JITTER_MAX = Duration.ofDays(1);

  /**
   * A stretch of the schedule.
   *
   * @param attempts how many attempts it holds; the first attempt of all counts into the first step
   * @param spacing the least distance of each of them from the attempt before
   */
  public record Step(int attempts, Duration spacing) {
    /** Checks the bounds. */
    public Step {
      if (attempts < 1 || attempts > ATTEMPTS_MAX) {
        throw new IllegalArgumentException("attempts must be from 1 to " + ATTEMPTS_MAX);
      }
      between("spacing", spacing, Duration.ofSeconds(1), SPACING_MAX);
    }
  }

  /** Checks the bounds. */
  public RedeliverySchedule {
    steps = List.copyOf(steps);
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("a schedule needs at least one step");
    }
    if (steps.stream().mapToLong(Step::attempts).sum() > ATTEMPTS_MAX) {
      throw new IllegalArgumentException("a schedule has at most " + ATTEMPTS_MAX + " attempts");
    }
    between("validity", validity, Duration.ofSeconds(1), VALIDITY_MAX);
    between("jitter", jitter, Duration.ZERO, JITTER_MAX);
  }

  /** All attempts, the first included. */
  public int attempts() {
    return steps.stream().mapToInt(Step::attempts).sum();
  }

  /** When a mail queued then can no longer be attempted. */
  public Instant end(Instant queuedAt) {
    Instant byValidity = queuedAt.plus(validity);
    return until != null && until.isBefore(byValidity) ? until : byValidity;
  }

  /** When a mail queued then is attempted first. */
  NextAttempt.At first(Instant queuedAt) {
    return outsideQuietHours(queuedAt, "at once");
  }

  /**
   * The attempt after a failed one.
   *
   * @param made how many attempts were made, at least 1
   * @param last when the last of them ended
   * @param packageId decides about the jitter
   * @param end no attempt from then on
   */
  NextAttempt next(int made, Instant last, long packageId, Instant end) {
    int before = 0;
    for (Step step : steps) {
      before += step.attempts();
      if (made < before) {
        Duration extra = jitter(packageId, made);
        String why =
            text(step.spacing())
                + (extra.isZero() ? "" : " and a jitter of " + text(extra))
                + " after attempt "
                + made;
        NextAttempt.At next = outsideQuietHours(last.plus(step.spacing()).plus(extra), why);
        return next.dueAt().isBefore(end)
            ? next
            : new NextAttempt.Never(
                "attempt "
                    + (made + 1)
                    + " would be due at "
                    + next.dueAt()
                    + ", not before the end of validity at "
                    + end);
      }
    }
    return new NextAttempt.Never("all " + before + " attempts of the schedule were made");
  }

  /**
   * Everything that would happen to a fresh mail that is refused for now each time.
   *
   * @param packageId decides about the jitter
   * @param end no attempt from then on
   */
  public RedeliveryTimeline timeline(long packageId, Instant queuedAt, Instant end) {
    return timeline(packageId, 0, first(queuedAt), end);
  }

  /** The same for a mail that waits: {@code made} attempts count already, the next one is due. */
  RedeliveryTimeline timeline(long packageId, int made, NextAttempt.At due, Instant end) {
    List<RedeliveryTimeline.Attempt> attempts = new ArrayList<>();
    NextAttempt next =
        due.dueAt().isBefore(end)
            ? due
            : new NextAttempt.Never("attempt " + (made + 1) + " is due after the end of validity");
    while (next instanceof NextAttempt.At at) {
      int number = made + attempts.size() + 1;
      attempts.add(new RedeliveryTimeline.Attempt(number, at.dueAt(), at.why()));
      next = next(number, at.dueAt(), packageId, end);
    }
    return new RedeliveryTimeline(attempts, end, next.why());
  }

  /** The same with what an event asks for instead. */
  RedeliverySchedule with(RedeliveryRequest request) {
    List<Step> asked = steps;
    if (request.spacing() != null) {
      int count = request.attempts() == null ? attempts() : request.attempts();
      asked = List.of(new Step(count, request.spacing()));
    } else if (request.attempts() != null) {
      asked = cut(request.attempts());
    }
    return new RedeliverySchedule(
        asked,
        jitter,
        quietHours,
        request.duration() == null ? validity : request.duration(),
        until);
  }

  /** So many attempts of this schedule; what it does not have is added at its last distance. */
  private List<Step> cut(int attempts) {
    List<Step> cut = new ArrayList<>();
    int left = attempts;
    for (int i = 0; i < steps.size() && left > 0; i++) {
      boolean last = i == steps.size() - 1;
      int here = last ? left : Math.min(left, steps.get(i).attempts());
      cut.add(new Step(here, steps.get(i).spacing()));
      left -= here;
    }
    return cut;
  }

  private NextAttempt.At outsideQuietHours(Instant due, String why) {
    if (quietHours == null) {
      return new NextAttempt.At(due, why);
    }
    Instant open = quietHours.after(due);
    return open.equals(due)
        ? new NextAttempt.At(due, why)
        : new NextAttempt.At(open, why + ", moved to the end of the quiet hours " + quietHours);
  }

  private Duration jitter(long packageId, int made) {
    if (jitter.isZero()) {
      return Duration.ZERO;
    }
    // SplitMix64: neighbouring packages get times that have nothing to do with each other.
    long mixed = (packageId * 1_000_003 + made) * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return Duration.ofMillis(Long.remainderUnsigned(mixed ^ (mixed >>> 31), jitter.toMillis() + 1));
  }

  private static void between(String what, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          what + " must be from " + text(least) + " to " + text(most));
    }
  }

  /** A length of time as it is written in the rules, with as few units as it needs. */
  public static String text(Duration time) {
    StringBuilder text = new StringBuilder();
    unit(text, time.toDays(), "d");
    unit(text, time.toHoursPart(), "h");
    unit(text, time.toMinutesPart(), "m");
    unit(text, time.toSecondsPart(), "s");
    unit(text, time.toMillisPart(), "ms");
    return text.isEmpty() ? "0s" : text.toString();
  }

  private static void unit(StringBuilder text, long number, String unit) {
    if (number != 0) {
      text.append(text.isEmpty() ? "" : " ").append(number).append(unit);
    }
  }
}
