package dev.retour.messages;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What somebody did to a message.
 *
 * @param version that came in force, or left it
 * @param because why; may be empty
 */
public record MessageLogEntry(
    Instant at, String who, What what, @Nullable Integer version, String because) {
  /** What can be done. */
  public enum What {
    PUBLISHED,
    PAUSED,
    RESUMED,
    UNPUBLISHED,
    ROLLED_BACK,
    DELETED,
    PROOF;

    /** In words. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }
}
