package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.quarantine.AddressState;
import dev.retour.quarantine.GateRequest;
import dev.retour.quarantine.StandingListener;
import dev.retour.quarantine.Unsubscription;
import dev.retour.quarantine.Unsubscriptions;
import dev.retour.support.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** 7, 8, the list of the category, 9, 10, 11, 12, 17: the first that keeps a mail back is told. */
class GateOrderTest {
  private static final String ANNA = "anna@example.com";
  private static final String NEWS = "EVTnews";

  private final GateFixture gate = new GateFixture();
  private final TestDatabase.Named erp = TestDatabase.named();
  private final Unsubscriptions unsubscriptions =
      new Unsubscriptions(gate.jdbi, gate.clock, StandingListener.NOBODY);

  @BeforeEach
  void allRulesHold() {
    erp.jdbi().useHandle(h -> h.execute("CREATE TABLE blocked (email text)"));
    gate.house.sources.erp(erp.url());
    gate.inForce(
        "duplicates: [{id: twice, messages: EVTnews, within: 1d, because: Once is enough.}]",
        "exclusions:",
        "  - {id: blocked, messages: EVTnews, source: erp, because: Blocked.,",
        "     sql: SELECT 1 FROM blocked WHERE email = :email}",
        "caps: [{id: one, messages: EVTnews, per: recipient, most: 1, within: 7d, because: One.}]",
        "limits: [{id: few, messages: EVTnews, most: 1, per: day, because: Few.}]");
  }

  @AfterEach
  void close() {
    gate.close();
  }

  @Test
  void the_first_reason_in_the_order_of_their_numbers_is_told() {
    assertThat(gate.send(ANNA, NEWS, "D-1")).isEqualTo("sent");
    block(ANNA);
    unsubscriptions.unsubscribe(ANNA, "news", Unsubscription.How.PAGE, UUID.randomUUID());
    set(AddressState.DENYLISTED);
    assertThat(again()).isEqualTo("cancelled 8");
    set(AddressState.QUARANTINED);
    assertThat(again()).as("the list of its category").isEqualTo("cancelled 8");
    unsubscriptions.remove(ANNA, "news", "olga", "She wrote us.");
    assertThat(again()).isEqualTo("cancelled 9");
    set(AddressState.VALID);
    assertThat(again()).isEqualTo("cancelled 10");
    assertThat(gate.send(ANNA, NEWS, "D-2")).isEqualTo("cancelled 11");
    erp.jdbi().useHandle(h -> h.execute("DELETE FROM blocked"));
    assertThat(gate.send(ANNA, NEWS, "D-2")).isEqualTo("cancelled 12");
    assertThat(gate.send("bert@example.com", NEWS, "D-2")).isEqualTo("cancelled 17");
    assertThat(gate.send(ANNA, "EVTother", "D-1")).as("no rule names it").isEqualTo("sent");
    assertThat(gate.sink.taken()).hasSize(2);
  }

  @Test
  void what_a_rule_keeps_back_says_which_and_why_and_is_no_fault_of_the_address() {
    block(ANNA);
    long id = gate.mail(ANNA, NEWS, "D-1");
    gate.house.sendDue();
    assertThat(gate.house.column(id, "failure_text"))
        .isEqualTo("Excluded by the rule blocked: Blocked.");
    assertThat(gate.house.column(id, "failure_type")).isEqualTo("ignored");
    assertThat(gate.house.addresses.gate(ANNA).isOpen()).isTrue();
  }

  @Test
  void there_is_no_rule_for_an_address_that_is_missing() {
    GateRequest nobody = GateRequest.arriving(" ", NEWS, "news", null, null);
    assertThat(gate.house.addresses.gate().look(List.of(nobody)).toString())
        .contains("ADDRESS_NOT_SPECIFIED");
  }

  @Test
  void a_proof_minds_denylists_only_and_nobody_counts_it() {
    block(ANNA);
    set(AddressState.QUARANTINED);
    assertThat(proof(null)).isEqualTo("sent");
    assertThat(proof(null)).as("twice").isEqualTo("sent");
    set(AddressState.VALID);
    erp.jdbi().useHandle(h -> h.execute("DELETE FROM blocked"));
    assertThat(gate.send(ANNA, NEWS, "D-1")).as("no proof was counted").isEqualTo("sent");
    unsubscriptions.unsubscribe(ANNA, "news", Unsubscription.How.ONE_CLICK, UUID.randomUUID());
    assertThat(proof("news")).isEqualTo("cancelled 8");
    set(AddressState.DENYLISTED);
    assertThat(proof(null)).isEqualTo("cancelled 8");
  }

  @Test
  void a_mail_no_rule_names_costs_no_statement_more_than_without_rules() throws Exception {
    List<String> statements = new ArrayList<>();
    gate.jdbi.setSqlLogger(
        new SqlLogger() {
          @Override
          public void logBeforeExecution(StatementContext context) {
            statements.add(context.getRenderedSql());
          }
        });
    gate.mail(ANNA, "EVTother", "D-1");
    ClaimedPackage claimed = gate.house.module.queue().claim().get(0);
    statements.clear();
    gate.house.module.sender().prepare(claimed);
    assertThat(statements).as("address and content").hasSize(2);
    assertThat(gate.house.sources.asked()).isZero();
  }

  private String again() {
    long id = gate.mail(ANNA, NEWS, "D-1", "mail", "news");
    gate.house.sendDue();
    return gate.ended(id);
  }

  private String proof(String category) {
    long id = gate.mail(ANNA, NEWS, "D-1", "proof", category);
    gate.house.sendDue();
    return gate.ended(id);
  }

  private void set(AddressState state) {
    gate.house.addresses.set(ANNA, state, "test", "test");
  }

  private void block(String email) {
    erp.jdbi().useHandle(h -> h.execute("INSERT INTO blocked VALUES (?)", email));
  }
}
