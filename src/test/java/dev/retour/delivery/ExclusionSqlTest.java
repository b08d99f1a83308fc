package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.config.FileFault;
import dev.retour.support.TestDatabase;
import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Questions to other databases (11): asked before each mail, and never answered by sending. */
class ExclusionSqlTest {
  private static final String ANNA = "anna@example.com";

  private final GateFixture gate = new GateFixture();
  private final TestDatabase.Named source = TestDatabase.named();
  private final Jdbi erp = source.jdbi();

  @BeforeEach
  void erp() {
    erp.useHandle(h -> h.execute("CREATE TABLE blocked (email text, document text)"));
    gate.house.sources.erp(source.url());
  }

  @AfterEach
  void close() {
    gate.close();
  }

  @Test
  void the_first_value_of_the_first_row_decides() {
    ask("SELECT 1 FROM blocked WHERE email = :email AND document = :document");
    block("o'hara@example.com", "D-1");
    assertThat(gate.send("O'Hara@example.com", "EVTa", "D-1")).isEqualTo("cancelled 11");
    assertThat(gate.send("O'Hara@example.com", "EVTa", "D-2")).isEqualTo("sent");
    assertThat(gate.send("O'Hara@example.com", "EVTa", null)).isEqualTo("sent");
    ask("SELECT count(*) FROM blocked WHERE email = :email");
    assertThat(gate.send(ANNA, "EVTa", null)).as("a count of 0").isEqualTo("sent");
    ask("SELECT EXISTS (SELECT 1 FROM blocked WHERE email <> :email)");
    assertThat(gate.send(ANNA, "EVTa", null)).as("true").isEqualTo("cancelled 11");
    ask("SELECT max(document) FROM blocked WHERE email = :email");
    assertThat(gate.send(ANNA, "EVTa", null)).as("null").isEqualTo("sent");
  }

  @Test
  void while_the_source_is_away_its_mails_wait_and_others_go() {
    ask("SELECT 1 FROM blocked WHERE email = :email");
    gate.house.sources.away("erp", true);
    long id = gate.mail(ANNA, "EVTa", null);
    long other = gate.mail(ANNA, "EVTother", null);
    gate.house.sendDue();
    assertThat(gate.ended(other)).isEqualTo("sent");
    assertThat(gate.ended(id)).startsWith("waiting");
    assertThat(gate.house.column(id, "failure_text"))
        .startsWith(
            "The exclusion rule blocked cannot be asked, the mail waits for its source erp");
    for (int i = 0; i < 12; i++) {
      gate.clock.tick(Duration.ofMinutes(5));
      gate.house.sendDue();
    }
    assertThat(gate.house.column(id, "attempts - unspent")).as("none is spent").isEqualTo("0");
    gate.house.sources.away("erp", false);
    gate.clock.tick(Duration.ofMinutes(5));
    gate.house.sendDue();
    assertThat(gate.ended(id)).isEqualTo("sent");
  }

  @Test
  void a_slow_source_is_given_up_and_left_alone_for_a_moment() {
    ask("SELECT pg_sleep(20) IS NULL, :email");
    long first = gate.mail(ANNA, "EVTa", null);
    long began = System.nanoTime();
    gate.house.sendDue();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    assertThat(gate.ended(first)).startsWith("waiting");
    long second = gate.mail(ANNA, "EVTa", null);
    gate.house.sendDue();
    assertThat(gate.ended(second)).startsWith("waiting");
    assertThat(gate.house.sources.asked()).as("by the first only").isOne();
  }

  @Test
  void a_question_cannot_write_whatever_it_calls() {
    erp.useHandle(
        h ->
            h.execute(
                """
                CREATE FUNCTION steal(who text) RETURNS boolean LANGUAGE plpgsql AS $$
                BEGIN INSERT INTO blocked VALUES (who, ''); RETURN false; END $$"""));
    ask("SELECT steal(:email)");
    long id = gate.mail(ANNA, "EVTa", null);
    gate.house.sendDue();
    assertThat(gate.ended(id)).startsWith("waiting");
    assertThat(gate.house.column(id, "failure_text")).contains("read-only transaction");
    List<String> rows =
        erp.withHandle(h -> h.createQuery("SELECT email FROM blocked").mapTo(String.class).list());
    assertThat(rows).isEmpty();
  }

  @Test
  void a_source_proves_the_questions_it_is_to_be_asked() {
    List<FileFault> faults =
        gate.rules(
                "exclusions:",
                "  - {id: a, messages: EVTa, source: erp, because: x,",
                "     sql: SELECT 1 FROM blocked WHERE email = :email}",
                "  - {id: b, messages: EVTa, source: erp, because: x,",
                "     sql: SELECT 1 FROM nothing WHERE email = :email}",
                "  - {id: c, messages: EVTa, source: crm, because: x, sql: 'SELECT :email'}")
            .proved("rules.yaml", gate.house.sources);
    assertThat(faults).extracting(FileFault::line).containsExactly(4, 6);
    assertThat(faults.get(0).text()).contains("\"nothing\" does not exist");
    assertThat(faults.get(1).text()).contains("no such source");
    gate.house.sources.away("erp", true);
    assertThat(
            gate.rules(
                    "exclusions:",
                    "  - {id: b, messages: EVTa, source: erp, because: x,",
                    "     sql: SELECT 1 FROM nothing WHERE email = :email}")
                .proved("rules.yaml", gate.house.sources))
        .as("who is away proves nothing")
        .isEmpty();
  }

  private void ask(String sql) {
    gate.inForce(
        "exclusions:",
        "  - id: blocked",
        "    messages: EVTa",
        "    source: erp",
        "    because: Blocked by sales.",
        "    sql: >-",
        "      " + sql);
  }

  private void block(String email, String document) {
    erp.useHandle(h -> h.execute("INSERT INTO blocked VALUES (?, ?)", email, document));
  }
}
