package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.retour.config.FileFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedeliveryRulesTest {
  private static final Instant QUEUED = Instant.parse("2026-06-01T10:00:00Z");

  @TempDir Path dir;

  @Test
  void the_shipped_default_is_five_in_the_first_day_and_one_a_day_on_four_more() throws Exception {
    RedeliverySchedule schedule =
        shipped().scheduleFor("EVTinvoiceIssued", "example.com", RedeliveryRequest.NONE);
    List<Instant> due = due(schedule.timeline(1, QUEUED, schedule.end(QUEUED)));

    assertThat(due).hasSize(9);
    assertThat(due.subList(0, 5)).allMatch(at -> at.isBefore(QUEUED.plus(Duration.ofDays(1))));
    for (int day = 1; day <= 4; day++) {
      Instant begin = due.get(4).plus(Duration.ofDays(day));
      assertThat(due.get(4 + day)).isEqualTo(begin);
    }
    assertThat(due.get(8)).isBefore(QUEUED.plus(Duration.ofDays(5)));
  }

  @Test
  void the_shipped_preset_for_codes_is_over_in_a_quarter_of_an_hour() throws Exception {
    RedeliverySchedule schedule =
        shipped()
            .scheduleFor(
                "EVTx", "example.com", new RedeliveryRequest("short-lived", null, null, null));
    assertThat(schedule.end(QUEUED)).isEqualTo(QUEUED.plus(Duration.ofMinutes(15)));
    assertThat(due(schedule.timeline(1, QUEUED, schedule.end(QUEUED))))
        .hasSizeGreaterThan(5)
        .allMatch(at -> at.isBefore(QUEUED.plus(Duration.ofMinutes(15))));
  }

  @Test
  void the_first_policy_that_matches_message_and_domain_decides() throws Exception {
    RedeliveryRules rules =
        load(
            """
            policies:
              - {id: gmail, domain: Gmail.com, because: x, schedule: [{attempts: 2, spacing: 1h}], validity: 1d}
              - {id: below, domain: "*.example", because: x, schedule: [{attempts: 2, spacing: 1h}], validity: 1d}
              - {id: code, message: EVTcode, because: x, schedule: [{attempts: 2, spacing: 1s}], validity: 1m}
              - {id: rest, because: x, schedule: [{attempts: 2, spacing: 1h}], validity: 1d}
            """);
    assertThat(rules.policyFor("EVTcode", "gmail.com").id()).isEqualTo("gmail");
    assertThat(rules.policyFor("EVTcode", "shop.example").id()).isEqualTo("below");
    assertThat(rules.policyFor("EVTcode", "example").id()).isEqualTo("code");
    assertThat(rules.policyFor("EVTother", "notgmail.com").id()).isEqualTo("rest");
  }

  @Test
  void an_event_may_change_count_spacing_and_duration() throws Exception {
    RedeliveryRules rules = shipped();
    assertThat(attempts(rules, new RedeliveryRequest(null, 3, null, null))).isEqualTo(3);
    assertThat(attempts(rules, new RedeliveryRequest(null, 12, null, Duration.ofDays(20))))
        .isEqualTo(12);
    assertThat(attempts(rules, new RedeliveryRequest(null, 12, null, null)))
        .as("the validity of the policy still ends it")
        .isEqualTo(9);
    assertThat(attempts(rules, new RedeliveryRequest(null, null, Duration.ofMinutes(1), null)))
        .isEqualTo(9);
    assertThat(attempts(rules, new RedeliveryRequest(null, null, null, Duration.ofHours(3))))
        .as("at 0, 1 and 2 hours; the end itself is too late")
        .isEqualTo(3);
    assertThat(attempts(rules, new RedeliveryRequest("gone", null, null, null)))
        .as("a preset that was taken out of the rules is passed over")
        .isEqualTo(9);
  }

  @Test
  void a_request_survives_its_way_through_the_database() {
    RedeliveryRequest request =
        new RedeliveryRequest("short-lived", 3, Duration.ofSeconds(90), Duration.ofHours(2));
    assertThat(RedeliveryRequest.of(request.json())).isEqualTo(request);
    assertThat(RedeliveryRequest.of(null).isEmpty()).isTrue();
  }

  @Test
  void jitter_only_adds_and_is_the_same_each_time_and_differs_between_packages() throws Exception {
    RedeliverySchedule schedule =
        load("""
                policies:
                  - {id: rest, because: x, jitter: 10m, validity: 2d, schedule: [{attempts: 9, spacing: 1h}]}
                """)
            .policies()
            .get(0)
            .schedule();
    List<Instant> first = due(schedule.timeline(7, QUEUED, Instant.MAX));
    assertThat(due(schedule.timeline(7, QUEUED, Instant.MAX))).isEqualTo(first);
    assertThat(due(schedule.timeline(8, QUEUED, Instant.MAX))).isNotEqualTo(first);
    for (int i = 1; i < first.size(); i++) {
      assertThat(Duration.between(first.get(i - 1), first.get(i)))
          .isBetween(Duration.ofHours(1), Duration.ofMinutes(70));
    }
  }

  @Test
  void an_explicit_end_and_quiet_hours_of_the_policy_hold() throws Exception {
    RedeliverySchedule schedule =
        load("""
                policies:
                  - id: rest
                    because: x
                    schedule: [{attempts: 9, spacing: 3h}]
                    quietHours: {from: "22:00", to: "06:00", zone: Europe/Berlin}
                    until: 2026-06-02T06:00:01+02:00
                    validity: 5d
                """)
            .policies()
            .get(0)
            .schedule();
    RedeliveryTimeline timeline = schedule.timeline(1, QUEUED, schedule.end(QUEUED));
    assertThat(due(timeline))
        .containsExactly(
            QUEUED,
            QUEUED.plus(Duration.ofHours(3)),
            QUEUED.plus(Duration.ofHours(6)),
            QUEUED.plus(Duration.ofHours(9)),
            Instant.parse("2026-06-02T04:00:00Z"));
    assertThat(timeline.attempts().get(4).why()).contains("quiet hours 22:00–06:00 Europe/Berlin");
    assertThat(timeline.ending()).contains("attempt 6", "end of validity");
  }

  @Test
  void a_mail_queued_at_night_is_first_attempted_in_the_morning() throws Exception {
    RedeliverySchedule schedule =
        load("""
                policies:
                  - id: rest
                    because: x
                    schedule: [{attempts: 2, spacing: 1h}]
                    quietHours: {from: "22:00", to: "06:00", zone: UTC}
                    validity: 5d
                """)
            .policies()
            .get(0)
            .schedule();
    assertThat(due(schedule.timeline(1, Instant.parse("2026-06-01T23:00:00Z"), Instant.MAX)))
        .containsExactly(
            Instant.parse("2026-06-02T06:00:00Z"), Instant.parse("2026-06-02T07:00:00Z"));
  }

  @Test
  void all_faults_are_named_at_once_with_their_lines() throws Exception {
    Path file =
        write(
            """
            presets:
              - id: short
                because: x
                schedule: [{attempts: 0, spacing: 1s}]
                validity: 15m
            policies:
              - id: one
                because: x
                schedule:
                  - {attempts: 5, spacing: soon}
                  - {attempts: many, spacing: 1h}
                validity: 90d
                colour: red
              - id: one
                domain: "not a domain"
                schedule: [{attempts: 5, spacing: 1h}]
                quietHours: {from: "22:00", to: "25:00", zone: Europe/Nowhere}
                until: tomorrow
                validity: 1d
              - id: three
                because: x
                preset: none
              - id: rest
                because: x
                schedule: [{attempts: 1, spacing: 1h}]
                validity: 1d
              - id: never
                because: x
                schedule: [{attempts: 1, spacing: 1h}]
                validity: 1d
            """);
    RedeliveryRules.Fault fault =
        catchThrowableOfType(RedeliveryRules.Fault.class, () -> RedeliveryRules.load(file));
    assertThat(fault.faults().stream().map(FileFault::line))
        .contains(4, 10, 11, 13, 14, 15, 17, 18, 22, 27);
    assertThat(fault.faults().stream().filter(at -> at.line() == 17)).hasSize(2);
    assertThat(fault)
        .hasMessageContaining("attempts must be from 1 to 1000")
        .hasMessageContaining("Unknown key \"colour\"")
        .hasMessageContaining("\"because\" is missing")
        .hasMessageContaining("There is no preset \"none\"")
        .hasMessageContaining("never asked: \"rest\" above it")
        .hasMessageContaining(file + ":22: ");
  }

  @Test
  void a_file_without_a_policy_for_every_mail_is_refused() throws Exception {
    Path file =
        write(
            """
            policies:
              - {id: a, domain: gmail.com, because: x, schedule: [{attempts: 2, spacing: 1h}], validity: 1d}
            """);
    RedeliveryRules.Fault fault =
        catchThrowableOfType(RedeliveryRules.Fault.class, () -> RedeliveryRules.load(file));
    assertThat(fault).hasMessageContaining("The last policy must match every mail");
  }

  @Test
  void hostile_yaml_is_a_fault_and_no_crash() throws Exception {
    for (String yaml :
        List.of(
            "", "- a", "policies: {}", "policies: []", "policies: [1]", "a: &a [*a]", "\t", "{")) {
      Path file = write(yaml);
      RedeliveryRules.Fault fault =
          catchThrowableOfType(RedeliveryRules.Fault.class, () -> RedeliveryRules.load(file));
      assertThat(fault).as(yaml).isNotNull();
      assertThat(fault.faults()).as(yaml).allMatch(at -> at.line() >= 1);
    }
  }

  private static int attempts(RedeliveryRules rules, RedeliveryRequest request) {
    RedeliverySchedule schedule = rules.scheduleFor("EVTx", "example.com", request);
    return schedule.timeline(1, QUEUED, schedule.end(QUEUED)).attempts().size();
  }

  private static List<Instant> due(RedeliveryTimeline timeline) {
    return timeline.attempts().stream().map(RedeliveryTimeline.Attempt::dueAt).toList();
  }

  private static RedeliveryRules shipped() throws RedeliveryRules.Fault {
    return RedeliveryRules.load(Path.of("rules/redelivery.rules.yaml"));
  }

  private RedeliveryRules load(String yaml) throws RedeliveryRules.Fault {
    return RedeliveryRules.load(write(yaml));
  }

  private Path write(String yaml) {
    try {
      return Files.writeString(dir.resolve("redelivery.rules.yaml"), yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
