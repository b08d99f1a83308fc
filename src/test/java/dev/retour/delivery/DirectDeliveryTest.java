package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.support.Ports;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Mails to the servers of their domain: name server, sinks and database are real. */
class DirectDeliveryTest {
  private final DomainsFixture it = new DomainsFixture();

  @AfterEach
  void close() {
    it.close();
  }

  @Test
  void direct_delivery_goes_to_the_next_server_when_the_first_cannot_be_connected_to() {
    it.direct();
    it.dns
        .with("company.example", "MX", "10 down.company.example.")
        .with("company.example", "MX", "20 up.company.example.")
        .with("down.company.example", "A", "127.0.0.9")
        .with("up.company.example", "A", "127.0.0.1");
    DeliveryFixture house = it.house(Ports.free());
    long id = house.enqueue("anna@company.example");
    house.sendDue();
    assertThat(it.states(id)).containsExactly("sent");
    assertThat(it.sink.taken()).hasSize(1);
  }

  @Test
  void a_refusal_is_an_answer_and_the_next_server_is_not_asked() {
    it.direct();
    it.dns
        .with("company.example", "MX", "10 one.company.example.")
        .with("company.example", "MX", "20 two.company.example.")
        .with("one.company.example", "A", "127.0.0.1")
        .with("two.company.example", "A", "127.0.0.1");
    DeliveryFixture house = it.house(Ports.free());
    long id = house.enqueue("550.none@company.example");
    house.sendDue();
    assertThat(it.states(id)).containsExactly("error");
    assertThat(it.sink.connectionsSoFar()).isOne();
  }

  @Test
  void a_domain_that_takes_no_mail_is_an_error_and_one_the_dns_is_silent_about_waits() {
    it.direct();
    it.dns.with("null.example", "MX", "0 .");
    it.dns.fail("broken.example");
    DeliveryFixture house = it.house(Ports.free());
    long none = house.enqueue("anna@null.example");
    long missing = house.enqueue("anna@missing.example");
    long broken = house.enqueue("anna@broken.example");
    house.sendDue();
    assertThat(it.states(none, missing, broken)).containsExactly("error", "error", "waiting");
    assertThat(house.column(none, "failure_text")).contains("null MX, RFC 7505");
    assertThat(house.column(none, "failure_reason")).isEqualTo("2");
    assertThat(house.column(missing, "failure_reason")).isEqualTo("2");
  }

  @Test
  void servers_that_cannot_be_reached_are_a_failure_that_counts_against_the_domain() {
    it.direct();
    it.dns
        .with("company.example", "MX", "10 down.company.example.")
        .with("down.company.example", "A", "127.0.0.9");
    DeliveryFixture house = it.house(Ports.free());
    long id = house.enqueue("anna@company.example");
    house.sendDue();
    it.room().traffic().flush();
    assertThat(it.states(id)).containsExactly("waiting");
    assertThat(house.column(id, "failure_text")).contains("No mail server could be reached");
    assertThat(house.column(id, "failure_reason")).isEqualTo("3");
    assertThat(it.room().suspensions().counted("company.example").errors()).isOne();
    assertThat(house.module.relay().state().up()).as("no mailbox is at fault").isTrue();
  }

  @Test
  void mails_over_the_hourly_limit_wait_and_all_go_out_in_the_slots_to_come() {
    it.direct();
    it.dns
        .with("company.example", "MX", "10 narrow.company.example.")
        .with("narrow.company.example", "A", "127.0.0.1");
    DeliveryFixture house = it.house(Ports.free());
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      ids.add(house.enqueue("user" + i + "@company.example"));
    }
    house.sendDue();
    assertThat(it.sink.taken()).hasSize(10);
    assertThat(it.sink.connectionsSoFar()).as("four mails each").isEqualTo(3);
    assertThat(it.states(ids)).containsOnly("sent", "waiting");
    for (int slot = 0; slot < 4; slot++) {
      it.clock.tick(Duration.ofMinutes(5));
      it.room().traffic().flush();
      house.sendDue();
    }
    assertThat(it.states(ids)).containsOnly("sent");
    assertThat(it.sink.taken()).hasSize(25);
  }

  @Test
  void connections_of_another_sidecar_count_and_the_mail_waits_for_its_turn() {
    it.direct();
    it.dns
        .with("company.example", "MX", "10 mx.company.example.")
        .with("mx.company.example", "A", "127.0.0.1");
    it.jdbi.useHandle(
        h ->
            h.execute(
                "INSERT INTO mx_share VALUES ('host mx.company.example', 'other', 3, ?)",
                it.clock.instant().plusSeconds(30)));
    DeliveryFixture house = it.house(Ports.free());
    long id = house.enqueue("anna@company.example");
    house.sendDue();
    assertThat(it.states(id)).containsExactly("waiting");
    assertThat(house.column(id, "failure_rule")).isEqualTo("over-limit");
    assertThat(it.sink.connectionsSoFar()).isZero();
    it.clock.tick(Duration.ofSeconds(31));
    house.sendDue();
    assertThat(it.states(id)).containsExactly("sent");
  }
}
