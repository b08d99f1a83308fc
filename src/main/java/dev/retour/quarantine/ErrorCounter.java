package dev.retour.quarantine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The arithmetic of spec B4, apart from any table.
 *
 * @param errors significant errors so far
 * @param lastSignificantAt time of the last one that counted; null when none did
 */
record ErrorCounter(int errors, @Nullable Instant lastSignificantAt) {

  /** The counter after one more soft error. */
  ErrorCounter after(Instant now, QuarantineConfig config) {
    if (lastSignificantAt == null || lastSignificantAt.plus(config.restartAfter()).isBefore(now)) {
      return new ErrorCounter(1, now);
    }
    boolean significant = !now.isBefore(lastSignificantAt.plus(config.significantAfter()));
    return significant ? new ErrorCounter(errors + 1, now) : this;
  }
}
