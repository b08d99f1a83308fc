package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.support.ScriptedRelay;
import dev.retour.support.SmtpSink;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code redelivery show} prints is what happens; days pass by a clock that is moved. */
class RedeliveryFollowedTest {
  private final Jdbi jdbi = TestDatabase.fresh();
  private final TickingClock clock = new TickingClock();
  private final SmtpSink sink = new SmtpSink();
  private final List<DeliveryFixture> open = new ArrayList<>();

  @TempDir Path dir;

  @AfterEach
  void close() {
    open.forEach(DeliveryFixture::close);
    sink.close();
  }

  @Test
  void a_greylisting_server_is_asked_nine_times_in_five_days_at_exactly_the_times_printed() {
    DeliveryFixture house = house(DeliveryFixture.shippedRules());
    long id = house.enqueue("451.grey@example.com");
    List<Instant> printed = printed(house, id);

    watch(house, id, Duration.ofDays(6));

    assertThat(printed).hasSize(9);
    assertThat(house.attemptTimes(id)).isEqualTo(printed);
    assertThat(house.column(id, "state")).isEqualTo("expired");
    assertThat(house.column(id, "failure_text"))
        .contains("all 9 attempts of the schedule were made", "4.7.1 Greylisted");
  }

  @Test
  void a_full_mailbox_is_asked_at_the_times_printed_until_its_address_is_quarantined() {
    try (ScriptedRelay full =
        new ScriptedRelay(
            (connection, command) ->
                command.startsWith("RCPT")
                    ? "452 4.2.2 The email account is over quota, try again later"
                    : ScriptedRelay.well(command))) {
      DeliveryFixture house = house(DeliveryFixture.shippedRules(), full.port());
      long id = house.enqueue("anna@example.com");
      List<Instant> printed = printed(house, id);

      watch(house, id, Duration.ofDays(6));

      assertThat(house.attemptTimes(id)).isEqualTo(printed).hasSize(9);
      // Five errors a day apart: the fifth is the one of the last day (spec B4).
      assertThat(house.addresses.gate("anna@example.com").isOpen()).isFalse();
    }
  }

  @Test
  void quiet_hours_and_jitter_are_followed_over_the_night_in_which_clocks_change()
      throws Exception {
    DeliveryFixture house =
        house(
            RedeliveryRules.load(
                Files.writeString(
                    dir.resolve("r.yaml"),
                    """
                    policies:
                      - id: rest
                        because: x
                        schedule: [{attempts: 8, spacing: 2h}]
                        jitter: 20m
                        quietHours: {from: "22:00", to: "06:00", zone: Europe/Berlin}
                        validity: 2d
                    """)));
    long id = house.enqueue("451.grey@example.com"); // queued at 00:59:58 in Berlin
    List<Instant> printed = printed(house, id);

    watch(house, id, Duration.ofDays(3));

    assertThat(printed.get(0)).isEqualTo(Instant.parse("2026-03-29T04:00:00Z"));
    assertThat(house.attemptTimes(id)).isEqualTo(printed).hasSize(8);
  }

  @Test
  void a_policy_changed_while_a_mail_waits_holds_from_its_next_attempt_on() throws Exception {
    DeliveryFixture house = house(DeliveryFixture.shippedRules());
    long id = house.enqueue("451.grey@example.com");
    house.sendDue();
    house.redelivery.replace(
        RedeliveryRules.load(
            Files.writeString(
                dir.resolve("r.yaml"),
                "policies: [{id: r, because: x, validity: 2d, schedule: [{attempts: 2, spacing: 1m}]}]")));
    clock.tick(Duration.ofHours(1));
    house.sendDue();
    assertThat(house.column(id, "state")).isEqualTo("expired");
  }

  @Test
  void a_next_attempt_after_the_end_is_expired_with_the_sentence_why() {
    DeliveryFixture house = house(DeliveryFixture.shippedRules());
    long id =
        house.enqueue(
            "451.grey@example.com",
            new RedeliveryRequest(null, null, null, Duration.ofMinutes(90)));
    house.sendDue();
    clock.tick(Duration.ofHours(1));
    house.sendDue();
    assertThat(house.column(id, "state")).isEqualTo("expired");
    assertThat(house.column(id, "failure_text"))
        .contains("attempt 3 would be due at", "not before the end of validity", "Greylisted");
  }

  @Test
  void what_expires_in_the_queue_says_so_and_keeps_the_last_failure() {
    DeliveryFixture house = house(DeliveryFixture.shippedRules());
    long id = house.enqueue("451.grey@example.com");
    house.sendDue();
    clock.tick(Duration.ofDays(6));
    assertThat(house.sendDue()).isZero();
    assertThat(house.column(id, "state")).isEqualTo("expired");
    assertThat(house.column(id, "failure_text"))
        .contains("before the end of its validity", "Greylisted");
  }

  private DeliveryFixture house(RedeliveryRules rules) {
    return house(rules, sink.port());
  }

  private DeliveryFixture house(RedeliveryRules rules, int port) {
    DeliveryFixture house =
        new DeliveryFixture(
            jdbi, clock, clock, rules, Map.of("smtp.port", DeliveryFixture.port(port)));
    open.add(house);
    return house;
  }

  private List<Instant> printed(DeliveryFixture house, long id) {
    return QueuedMail.find(jdbi, id)
        .orElseThrow()
        .timeline(house.redelivery.rules())
        .attempts()
        .stream()
        .map(RedeliveryTimeline.Attempt::dueAt)
        .toList();
  }

  /** Lets time pass from one due time to the next, and looks a moment before each. */
  private void watch(DeliveryFixture house, long id, Duration most) {
    Instant end = clock.instant().plus(most);
    while (clock.instant().isBefore(end)) {
      Instant due = QueuedMail.find(jdbi, id).orElseThrow().dueAt();
      if (due == null) {
        return;
      }
      if (due.isAfter(clock.instant())) {
        clock.tick(Duration.between(clock.instant(), due).minusMillis(1));
        assertThat(house.sendDue()).as("before " + due).isZero();
        clock.tick(Duration.ofMillis(1));
      }
      assertThat(house.sendDue()).as("at " + due).isOne();
    }
  }
}
