package dev.retour.delivery;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;

/**
 * Hours of the day, on a clock at the wall of some place, in which nothing is sent.
 *
 * <p>A quiet time is one uninterrupted stretch of real time. When clocks change, it begins with the
 * first moment the wall shows {@code from} and ends with the last moment it shows {@code to}; a
 * reading that clocks skip is taken to be the moment of the skip.
 *
 * @param from the first quiet minute
 * @param to the first minute that is no longer quiet; earlier than {@code from}: on the next day
 */
public record QuietHours(LocalTime from, LocalTime to, ZoneId zone) {
  /** Checks that something is left of the day. */
  public QuietHours {
    if (from.equals(to)) {
      throw new IllegalArgumentException(
          "quietHours must leave some time of the day: from and to are both " + from);
    }
  }

  /** The time itself when it is not quiet, else the end of the quiet time it falls into. */
  Instant after(Instant due) {
    LocalDate day = due.atZone(zone).toLocalDate();
    // Begun the day before, today, or (when clocks go back over midnight) tomorrow.
    for (LocalDate begun = day.minusDays(1); !begun.isAfter(day.plusDays(1)); ) {
      Instant begin = moment(begun.atTime(from), true);
      Instant end = moment((to.isAfter(from) ? begun : begun.plusDays(1)).atTime(to), false);
      if (!due.isBefore(begin) && due.isBefore(end)) {
        return end;
      }
      begun = begun.plusDays(1);
    }
    return due;
  }

  /** When a wall clock shows this: the only, the first or the last time; or when it is skipped. */
  private Instant moment(LocalDateTime shown, boolean first) {
    ZoneOffsetTransition change = zone.getRules().getTransition(shown);
    if (change == null) {
      return shown.atZone(zone).toInstant();
    }
    if (change.isGap()) {
      return change.getInstant();
    }
    return shown.toInstant(first ? change.getOffsetBefore() : change.getOffsetAfter());
  }

  @Override
  public String toString() {
    return from + "–" + to + " " + zone.getId();
  }
}
