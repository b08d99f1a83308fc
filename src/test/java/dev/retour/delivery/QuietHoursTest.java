package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuietHoursTest {

  @ParameterizedTest(name = "{0} {1}-{2}: {3} -> {4}")
  @CsvSource({
    // an ordinary night and an ordinary noon
    "Europe/Berlin,22:00,06:00,2026-01-10T21:59:59+01:00,2026-01-10T21:59:59+01:00",
    "Europe/Berlin,22:00,06:00,2026-01-10T22:00:00+01:00,2026-01-11T06:00:00+01:00",
    "Europe/Berlin,22:00,06:00,2026-01-11T05:59:59+01:00,2026-01-11T06:00:00+01:00",
    "Europe/Berlin,22:00,06:00,2026-01-11T06:00:00+01:00,2026-01-11T06:00:00+01:00",
    "Europe/Berlin,12:00,14:00,2026-01-11T13:00:00+01:00,2026-01-11T14:00:00+01:00",
    "Europe/Berlin,12:00,14:00,2026-01-11T14:00:00+01:00,2026-01-11T14:00:00+01:00",
    // nights of 7 and of 9 hours
    "Europe/Berlin,22:00,06:00,2026-03-28T22:30:00+01:00,2026-03-29T06:00:00+02:00",
    "Europe/Berlin,22:00,06:00,2026-10-24T22:30:00+02:00,2026-10-25T06:00:00+01:00",
    // the end is skipped: quiet until clocks go forward
    "Europe/Berlin,22:00,02:30,2026-03-29T01:59:59+01:00,2026-03-29T03:00:00+02:00",
    "Europe/Berlin,22:00,02:30,2026-03-29T03:00:00+02:00,2026-03-29T03:00:00+02:00",
    // the beginning is skipped
    "Europe/Berlin,02:30,05:00,2026-03-29T01:59:59+01:00,2026-03-29T01:59:59+01:00",
    "Europe/Berlin,02:30,05:00,2026-03-29T03:00:00+02:00,2026-03-29T05:00:00+02:00",
    // wholly skipped: there is no quiet time that day
    "Europe/Berlin,02:10,02:50,2026-03-29T03:00:00+02:00,2026-03-29T03:00:00+02:00",
    // the end comes twice: one uninterrupted night, to its last 02:30
    "Europe/Berlin,22:00,02:30,2026-10-25T02:10:00+02:00,2026-10-25T02:30:00+01:00",
    "Europe/Berlin,22:00,02:30,2026-10-25T02:40:00+02:00,2026-10-25T02:30:00+01:00",
    "Europe/Berlin,22:00,02:30,2026-10-25T02:29:59+01:00,2026-10-25T02:30:00+01:00",
    "Europe/Berlin,22:00,02:30,2026-10-25T02:30:00+01:00,2026-10-25T02:30:00+01:00",
    // the beginning comes twice: from its first 02:30
    "Europe/Berlin,02:30,05:00,2026-10-25T02:29:59+02:00,2026-10-25T02:29:59+02:00",
    "Europe/Berlin,02:30,05:00,2026-10-25T02:00:00+01:00,2026-10-25T05:00:00+01:00",
    // half an hour: forward on 4 October, back on 5 April
    "Australia/Lord_Howe,22:00,02:15,2026-10-04T01:00:00+10:30,2026-10-04T02:30:00+11:00",
    "Australia/Lord_Howe,22:00,06:00,2026-10-03T23:00:00+10:30,2026-10-04T06:00:00+11:00",
    "Australia/Lord_Howe,22:00,01:45,2026-04-05T01:40:00+11:00,2026-04-05T01:45:00+10:30",
    "Australia/Lord_Howe,22:00,01:45,2026-04-05T01:50:00+11:00,2026-04-05T01:45:00+10:30",
    "Australia/Lord_Howe,22:00,06:00,2026-04-04T23:00:00+11:00,2026-04-05T06:00:00+10:30",
    // a day that never was (30 December 2011 in Samoa)
    "Pacific/Apia,22:00,06:00,2011-12-29T23:00:00-10:00,2011-12-31T00:00:00+14:00",
  })
  void an_attempt_due_in_quiet_hours_moves_to_their_end(
      String zone, String from, String to, String due, String expected) {
    QuietHours quiet = new QuietHours(LocalTime.parse(from), LocalTime.parse(to), ZoneId.of(zone));
    assertThat(quiet.after(instant(due))).isEqualTo(instant(expected));
  }

  @Test
  void what_is_moved_is_never_moved_again() {
    for (String zone : new String[] {"Europe/Berlin", "Australia/Lord_Howe", "America/New_York"}) {
      for (String hours :
          new String[] {"22:00-06:00", "02:15-02:45", "01:30-02:30", "23:30-00:30"}) {
        QuietHours quiet =
            new QuietHours(
                LocalTime.parse(hours.substring(0, 5)),
                LocalTime.parse(hours.substring(6)),
                ZoneId.of(zone));
        Instant end = Instant.parse("2027-01-01T00:00:00Z");
        Instant before = Instant.MIN;
        for (Instant due = Instant.parse("2026-01-01T00:07:00Z");
            due.isBefore(end);
            due = due.plusSeconds(17 * 60)) {
          Instant open = quiet.after(due);
          assertThat(open).as("%s %s %s", zone, hours, due).isAfterOrEqualTo(due);
          assertThat(quiet.after(open)).as("%s %s %s", zone, hours, due).isEqualTo(open);
          assertThat(open).as("order is kept").isAfterOrEqualTo(before);
          before = open;
        }
      }
    }
  }

  @Test
  void quiet_hours_without_an_end_are_refused() {
    assertThatThrownBy(
            () -> new QuietHours(LocalTime.NOON, LocalTime.NOON, ZoneId.of("Europe/Berlin")))
        .hasMessageContaining("12:00");
  }

  private static Instant instant(String text) {
    return OffsetDateTime.parse(text).toInstant();
  }
}
