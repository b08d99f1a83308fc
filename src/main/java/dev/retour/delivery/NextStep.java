package dev.retour.delivery;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a failed package goes: waiting (with its due time), error, expired, uncertain.
 *
 * @param text what a person reads at the package; the failure's own words unless there is more to
 *     say
 */
record NextStep(PackageState state, @Nullable Instant dueAt, Failure failure, String text) {
  NextStep(PackageState state, @Nullable Instant dueAt, Failure failure) {
    this(state, dueAt, failure, failure.text());
  }
}
