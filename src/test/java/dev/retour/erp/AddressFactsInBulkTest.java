package dev.retour.erp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retour.quarantine.AddressLists;
import dev.retour.quarantine.Cause;
import dev.retour.quarantine.DecisionUndo;
import dev.retour.quarantine.OutageDecision;
import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The ERP is told of each address when many change at once. */
class AddressFactsInBulkTest {
  private final AddressFactsFixture it = new AddressFactsFixture();

  @AfterEach
  void close() {
    it.close();
  }

  @Test
  void decisions_the_outage_guard_held_are_told_when_they_are_carried_out() throws IOException {
    long mail = it.house.enqueue("a3@example.com");
    for (int i = 0; i < 5; i++) {
      it.fail("a" + i + "@example.com", Cause.BOUNCE, i == 3 ? mail : null);
    }
    assertThat(it.recipients()).containsExactlyInAnyOrder("a0@example.com", "a1@example.com");

    new OutageDecision(it.jdbi, it.clock, it.config, it.facts).quarantine(1, "olga");

    assertThat(it.recipients()).hasSize(5).contains("a2@example.com", "a4@example.com");
    it.tellAll();
    assertThat(it.types()).containsOnly("address.quarantined");
    JsonNode held =
        it.erp.received().stream()
            .map(got -> AddressFactsFixture.json(got.text()).path("data"))
            .filter(data -> data.path("recipients").get(0).asText().equals("a3@example.com"))
            .findFirst()
            .orElseThrow();
    assertThat(held.path("cause").asText()).isEqualTo("bounce");
    assertThat(held.path("packages").get(0).asLong()).isEqualTo(mail);
    assertThat(held.path("text").asText()).contains("User unknown");
  }

  @Test
  void an_outage_that_is_released_frees_those_barred_before_and_tells_it() {
    for (int i = 0; i < 5; i++) {
      it.fail("a" + i + "@example.com", Cause.BOUNCE, null);
    }
    new OutageDecision(it.jdbi, it.clock, it.config, it.facts).release(1, "olga");
    it.tellAll();

    assertThat(it.types().stream().filter("address.released"::equals)).hasSize(2);
  }

  @Test
  void a_bulk_undo_is_told_address_by_address_in_pages() {
    int many = 2_000;
    it.jdbi.useHandle(
        handle -> {
          handle.execute(
              """
              INSERT INTO address (address, domain, state, reason, changed_at)
              SELECT 'a' || n || '@icloud.com', 'icloud.com', 'quarantined', 1, ?
                FROM generate_series(1, ?) n""",
              it.clock.instant(),
              many);
          handle.execute(
              """
              INSERT INTO address_history (address, at, state_before, state_after, errors_before,
                     errors_after, reason, failure_text, cause)
              SELECT address, changed_at, 'valid', state, 0, 0, 1, 'User unknown', 'bounce'
                FROM address""");
        });
    DecisionUndo undo = new DecisionUndo(it.jdbi, it.clock, it.facts);
    it.clock.tick(Duration.ofMinutes(1));
    DecisionUndo.Selection which =
        new DecisionUndo.Selection(
            "*@icloud.com", null, null, it.clock.instant().minusSeconds(90), it.clock.instant());

    assertThat(undo.carryOut(undo.plan(which), "olga", "outage")).isEqualTo(many);
    assertThat(undo.carryOut(undo.plan(which), "olga", "outage")).isZero();

    assertThat(it.recipients()).hasSize(many).doesNotHaveDuplicates();
    long largest =
        it.jdbi.withHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT max(n) FROM (SELECT count(*) AS n FROM callback GROUP BY xmin) t")
                    .mapTo(Long.class)
                    .one());
    assertThat(largest).as("callbacks of one transaction").isLessThanOrEqualTo(200);
    assertThat(it.teller.callbacks.claim()).hasSizeLessThanOrEqualTo(50);
  }

  @Test
  void an_import_is_told_when_all_of_it_is_taken_and_not_at_all_otherwise() {
    AddressLists lists = new AddressLists(it.jdbi, it.clock, it.facts);
    lists.read(
        new StringReader("address,state\nnobody,denylisted\nb@x.example,denylisted"), "olga");
    assertThat(it.recipients()).isEmpty();

    lists.read(
        new StringReader("address,state\nb@x.example,denylisted\nc@x.example,allowlisted"), "olga");
    it.tellAll();

    assertThat(it.types()).containsExactlyInAnyOrder("address.denylisted", "address.allowlisted");
  }
}
