package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.mail.EmailAddress;
import dev.retour.mail.OnUncertain;
import dev.retour.quarantine.AddressState;
import dev.retour.support.SmtpSink;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.time.Duration;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The queue against a real PostgreSQL and a real SMTP server, one step at a time, without routes.
 */
class DeliveryTest {
  private final Jdbi jdbi = TestDatabase.fresh();
  private final TickingClock clock = new TickingClock();
  private final SmtpSink sink = new SmtpSink();
  private final DeliveryFixture house =
      new DeliveryFixture(
          jdbi,
          clock,
          clock,
          DeliveryFixture.shippedRules(),
          Map.of("smtp.port", DeliveryFixture.port(sink.port())));

  @BeforeEach
  void nothingWasSent() {
    assertThat(sink.taken()).isEmpty();
  }

  @AfterEach
  void close() {
    house.close();
    sink.close();
  }

  @Test
  void an_accepted_mail_is_sent_with_its_own_bytes_and_a_signed_envelope_sender() {
    long id = house.enqueue("anna@example.com", RedeliveryRequest.NONE, "Hi\r\n.leading dot");
    house.sendDue();
    assertThat(house.column(id, "state")).isEqualTo("sent");
    assertThat(sink.taken()).hasSize(1);
    SmtpSink.Taken mail = sink.taken().get(0);
    assertThat(mail.to()).isEqualTo("anna@example.com");
    assertThat(mail.from()).startsWith("bounce+");
    assertThat(house.module.returnPath().verify(mail.from(), clock.instant())).contains(id);
    assertThat(mail.data()).contains("Subject: Hello").contains("\r\n.leading dot\r\n");
    assertThat(house.phases(id)).containsExactly("accepted");
  }

  @Test
  void a_package_past_its_validity_expires_unsent() {
    long id = house.enqueue("anna@example.com");
    clock.tick(Duration.ofDays(6));
    house.sendDue();
    assertThat(house.column(id, "state")).isEqualTo("expired");
    assertThat(sink.taken()).isEmpty();
  }

  @Test
  void the_gate_directly_before_sending_is_the_one_that_counts() {
    long id = house.enqueue("anna@example.com");
    house.addresses.set("anna@example.com", AddressState.QUARANTINED, "test", "test");
    house.sendDue();
    assertThat(house.column(id, "state")).isEqualTo("cancelled");
    assertThat(house.column(id, "failure_reason")).isEqualTo("9");
    assertThat(sink.taken()).isEmpty();
  }

  @Test
  void connections_are_reused() {
    for (int i = 0; i < 20; i++) {
      house.enqueue("anna" + i + "@example.com");
    }
    house.sendDue();
    assertThat(sink.taken()).hasSize(20);
    assertThat(sink.connectionsSoFar()).isOne();
  }

  @Test
  void a_recipient_cannot_smuggle_a_command() {
    EmailAddress evil = new EmailAddress("anna>\r\nRCPT TO:<evil", "example.com");
    long id = house.enqueue(house.fresh(evil, RedeliveryRequest.NONE, OnUncertain.HOLD, "Hi"));
    house.sendDue();
    assertThat(sink.taken()).isEmpty();
    assertThat(house.column(id, "state")).isNotEqualTo("sent");
  }
}
