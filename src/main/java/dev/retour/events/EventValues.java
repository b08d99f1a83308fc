package dev.retour.events;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What other databases said of an event.
 *
 * @param values as JSON; null: they were not asked yet, or had nothing
 * @param version of the message that asked
 * @param waitingSince the first look that found nothing, while it waits for them
 */
record EventValues(@Nullable String values, int version, @Nullable Instant waitingSince) {
  /** Whether they are there, for a mail by this version. */
  boolean areFor(int wanted) {
    return values != null && version == wanted;
  }
}
