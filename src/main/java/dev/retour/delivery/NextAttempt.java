package dev.retour.delivery;

import java.time.Instant;

/** When a failed mail is tried again, or that it is not; each with the reason for people. */
sealed interface NextAttempt {
  /** A sentence without its full stop. */
  String why();

  /** Tried again, not before {@code dueAt}. */
  record At(Instant dueAt, String why) implements NextAttempt {}

  /** Not tried again: the schedule is used up or the end of validity comes first. */
  record Never(String why) implements NextAttempt {}
}
