package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.mail.OnUncertain;
import dev.retour.quarantine.GateAnswer;
import dev.retour.support.SmtpSink;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.time.Duration;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an answer of a real SMTP server, or none, makes of a package and its address. */
class AttemptOutcomeTest {
  private final Jdbi jdbi = TestDatabase.fresh();
  private final TickingClock clock = new TickingClock();
  private final SmtpSink sink = new SmtpSink();
  private DeliveryFixture house = house(sink.port());

  @AfterEach
  void close() {
    house.close();
    sink.close();
  }

  @Test
  void an_unknown_user_is_an_error_and_quarantines_the_address() {
    long id = house.enqueue("550.none@example.com");
    house.sendDue();
    assertThat(house.column(id, "state")).isEqualTo("error");
    assertThat(house.column(id, "failure_reason")).isEqualTo("1");
    assertThat(house.column(id, "failure_type")).isEqualTo("hard");
    assertThat(house.addresses.gate("550.none@example.com")).isInstanceOf(GateAnswer.Closed.class);
  }

  @Test
  void a_temporary_refusal_waits_for_the_redelivery_policy() {
    long id = house.enqueue("451.grey@example.com");
    house.sendDue();
    assertThat(house.column(id, "state")).isEqualTo("waiting");
    clock.tick(Duration.ofMinutes(59));
    house.sendDue();
    assertThat(house.phases(id)).hasSize(1);
    clock.tick(Duration.ofMinutes(1));
    house.sendDue();
    assertThat(house.phases(id)).hasSize(2);
    assertThat(house.addresses.gate("451.grey@example.com").isOpen()).isTrue();
  }

  @Test
  void an_unreachable_relay_makes_mails_wait_turns_red_and_recovers_by_itself() {
    house.close();
    int port = sink.port();
    sink.close();
    house = house(port);
    long id = house.enqueue("anna@example.com");
    house.sendDue();
    assertThat(house.column(id, "state")).isEqualTo("waiting");
    assertThat(house.module.relay().state().up()).isFalse();
    try (SmtpSink again = new SmtpSink(port)) {
      clock.tick(Duration.ofSeconds(1));
      house.module.sender().probe();
      assertThat(house.module.relay().state().up()).isTrue();
      house.sendDue();
      assertThat(house.column(id, "state")).isEqualTo("sent");
      assertThat(again.taken()).hasSize(1);
    }
    assertThat(house.addresses.gate("anna@example.com").isOpen()).isTrue();
  }

  @Test
  void a_connection_cut_before_the_final_dot_waits() {
    long id = house.enqueue("early@example.com", RedeliveryRequest.NONE, "x".repeat(9_000_000));
    house.sendDue();
    assertThat(house.column(id, "state")).isEqualTo("waiting");
    assertThat(sink.taken()).isEmpty();
  }

  @Test
  void a_refusal_after_the_body_is_an_answer_not_an_uncertainty() {
    long id = house.enqueue("554data@example.com", OnUncertain.RESEND);
    house.sendDue();
    assertThat(house.column(id, "state")).isEqualTo("error");
    assertThat(house.phases(id)).containsExactly("refused");
  }

  @Test
  void no_answer_after_the_final_dot_is_uncertain_and_held() {
    long id = house.enqueue("nodot@example.com");
    house.sendDue();
    assertThat(house.column(id, "state")).isEqualTo("uncertain");
    clock.tick(Duration.ofDays(1));
    house.sendDue();
    assertThat(sink.taken()).hasSize(1);
  }

  @Test
  void no_answer_after_the_final_dot_is_resent_with_the_same_bytes_when_the_message_says_so() {
    long id = house.enqueue("nodot@example.com", OnUncertain.RESEND);
    house.sendDue();
    assertThat(house.column(id, "state")).isEqualTo("waiting");
    clock.tick(Duration.ofHours(1));
    house.sendDue();
    assertThat(sink.taken()).hasSize(2);
    assertThat(sink.taken().get(1).data()).isEqualTo(sink.taken().get(0).data());
  }

  private DeliveryFixture house(int port) {
    return new DeliveryFixture(
        jdbi,
        clock,
        clock,
        DeliveryFixture.shippedRules(),
        Map.of("smtp.port", DeliveryFixture.port(port)));
  }
}
