package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.qualification.Reason;
import dev.retour.quarantine.AddressState;
import dev.retour.quarantine.GateAnswer;
import dev.retour.quarantine.GateRequest;
import dev.retour.quarantine.StandingListener;
import dev.retour.quarantine.Unsubscription;
import dev.retour.quarantine.Unsubscriptions;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** 25: who is on the allowlist gets every mail but those of a category he left himself. */
class AllowlistedTest {
  private static final String ANNA = "anna@example.com";

  private final GateFixture gate = new GateFixture();

  @AfterEach
  void close() {
    gate.close();
  }

  @Test
  void an_allowlisted_address_passes_every_rule() {
    gate.inForce(
        "duplicates: [{id: a, messages: '*', within: 1d, because: x}]",
        "exclusions: [{id: b, messages: '*', source: away, sql: 'SELECT :email', because: x}]",
        "caps: [{id: c, messages: '*', per: domain, most: 1, within: 1d, because: x}]",
        "limits: [{id: d, messages: '*', most: 1, per: day, because: x}]");
    gate.house.addresses.set(ANNA, AddressState.ALLOWLISTED, "olga", "our own auditor");
    assertThat(gate.send(ANNA, "EVTnews", "D-1")).isEqualTo("sent");
    assertThat(gate.send(ANNA, "EVTnews", "D-1")).isEqualTo("sent");
    assertThat(gate.house.sources.asked()).as("no source is asked").isZero();
    GateRequest asking = GateRequest.arriving(ANNA, "EVTnews", null, "D-1", null);
    assertThat(gate.house.addresses.gate().look(List.of(asking)))
        .containsExactly(new GateAnswer.Open(Reason.ERROR_IGNORED));
  }

  @Test
  void its_owners_own_wish_counts_more_than_the_list() {
    gate.house.addresses.set(ANNA, AddressState.ALLOWLISTED, "olga", "our own auditor");
    new Unsubscriptions(gate.jdbi, gate.clock, StandingListener.NOBODY)
        .unsubscribe(ANNA, "news", Unsubscription.How.ONE_CLICK, UUID.randomUUID());
    long news = gate.mail(ANNA, "EVTnews", null, "mail", "news");
    long offers = gate.mail(ANNA, "EVToffers", null, "mail", "offers");
    gate.house.sendDue();
    assertThat(gate.ended(news)).isEqualTo("cancelled 8");
    assertThat(gate.house.column(news, "failure_text"))
        .isEqualTo("The recipient unsubscribed from news; other mails go on.");
    assertThat(gate.ended(offers)).isEqualTo("sent");
  }
}
