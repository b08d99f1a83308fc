package dev.retour.messages;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code message}.
 *
 * @param version in force; null when none is
 * @param newest the highest number ever given
 */
record MessageRow(
    String id,
    State state,
    @Nullable Integer version,
    int newest,
    String because,
    String changedBy,
    Instant changedAt) {

  /** As the table names them, in lower case. */
  enum State {
    DRAFT,
    PUBLISHED,
    PAUSED,
    DELETED;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  Standing standing() {
    if (version == null) {
      return new Standing.Draft(newest > 0);
    }
    return state == State.PAUSED
        ? new Standing.Paused(version, changedAt, changedBy, because)
        : new Standing.Published(version);
  }
}
