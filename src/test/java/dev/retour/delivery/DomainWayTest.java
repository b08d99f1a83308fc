package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.domains.TestRules;
import dev.retour.support.Ports;
import dev.retour.support.SmtpSink;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rules that lead the mails of a domain another way. */
class DomainWayTest {
  private final DomainsFixture it = new DomainsFixture();

  @AfterEach
  void close() {
    it.close();
  }

  @Test
  void a_redirect_of_a_rule_holds_for_its_domains_alone_and_from_the_next_mail_on() {
    DeliveryFixture house = it.house(it.sink.port());
    long test = house.enqueue("anna@tested.example");
    house.enqueue("berta@other.example");
    it.domains.replace(
        TestRules.domains(
            DomainsFixture.general("smarthost")
                + "\n- {domains: tested.example, because: test, redirect: box@our.example}\n"));
    while (house.sendDue() > 0) {}
    assertThat(it.sink.taken())
        .extracting(SmtpSink.Taken::to)
        .containsExactlyInAnyOrder("box@our.example", "berta@other.example");
    assertThat(it.sink.taken())
        .anyMatch(each -> each.data().contains("[Retour test: to anna@tested.example]"));
    assertThat(house.column(test, "recipient")).isEqualTo("anna@tested.example");
    assertThat(it.states(test)).containsExactly("sent");
  }

  @Test
  void a_relay_of_its_own_takes_the_mail_of_a_domain_and_only_its_mails_wait_when_it_is_down() {
    int port = Ports.free();
    it.domains.replace(
        TestRules.domains(
            DomainsFixture.general("smarthost")
                + "- domains: own.example\n  because: test\n  relay: {host: 127.0.0.1, port: "
                + port
                + "}\n"));
    DeliveryFixture house = it.house(it.sink.port());
    long own = house.enqueue("anna@own.example");
    long other = house.enqueue("anna@other.example");
    house.sendDue();
    assertThat(it.states(own, other)).containsExactly("waiting", "sent");
    assertThat(house.module.relay().state().up()).isTrue();
    assertThat(house.module.domainRelays())
        .singleElement()
        .satisfies(relay -> assertThat(relay.state().up()).isFalse());
    house.sendDue();
    try (SmtpSink back = new SmtpSink(port)) {
      it.clock.tick(Duration.ofMinutes(1));
      house.module.sender().probe();
      house.sendDue();
      assertThat(it.states(own)).containsExactly("sent");
      assertThat(back.taken()).hasSize(1);
    }
  }

  @Test
  void no_rule_leads_a_mail_out_of_the_sandbox() {
    it.sandbox();
    DeliveryFixture house = it.house(it.sink.port());
    long id = house.enqueue("anna@company.example");
    house.sendDue();
    assertThat(it.states(id)).containsExactly("sent");
    assertThat(it.dns.asked("company.example", "MX")).isZero();
  }
}
