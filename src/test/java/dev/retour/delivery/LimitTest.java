package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Daily limits (17): so many mails a day, each counted once. */
class LimitTest {
  private final GateFixture gate = new GateFixture();

  @AfterEach
  void close() {
    gate.close();
  }

  @Test
  void a_day_has_so_many_mails_and_the_next_one_again() {
    gate.inForce("limits: [{id: two, messages: EVTa, most: 2, per: day, because: Slowly.}]");
    assertThat(gate.send("a@example.com", "EVTa", null)).isEqualTo("sent");
    assertThat(gate.send("b@example.com", "EVTa", null)).isEqualTo("sent");
    long third = gate.mail("c@example.com", "EVTa", null);
    gate.house.sendDue();
    assertThat(gate.ended(third)).isEqualTo("cancelled 17");
    assertThat(gate.house.column(third, "failure_text"))
        .isEqualTo("The 2 mails of 2026-03-28 are taken, the most the rule two allows: Slowly.");
    gate.clock.tick(Duration.ofSeconds(2));
    assertThat(gate.send("c@example.com", "EVTa", null)).as("after midnight").isEqualTo("sent");
  }

  @Test
  void whose_midnight_it_is_the_rule_says() {
    gate.inForce(
        "limits: [{id: one, messages: EVTa, most: 1, per: day, zone: Europe/Berlin, because: x}]");
    assertThat(gate.send("a@example.com", "EVTa", null)).isEqualTo("sent");
    gate.clock.tick(Duration.ofSeconds(2));
    assertThat(gate.send("b@example.com", "EVTa", null)).as("01:00").isEqualTo("cancelled 17");
  }

  @Test
  void a_mail_takes_its_place_once_however_often_it_is_attempted() {
    gate.inForce("limits: [{id: one, messages: EVTa, most: 1, per: day, because: x}]");
    long id = gate.mail("451.grey@example.com", "EVTa", null);
    gate.house.sendDue();
    gate.clock.tick(Duration.ofHours(2));
    gate.house.sendDue();
    assertThat(gate.house.column(id, "attempts")).isEqualTo("2");
    assertThat(gate.ended(id)).startsWith("waiting");
    int taken =
        gate.jdbi.withHandle(
            h -> h.createQuery("SELECT sum(taken) FROM gate_count").mapTo(Integer.class).one());
    assertThat(taken).isOne();
  }
}
