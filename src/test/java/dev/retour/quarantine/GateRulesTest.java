package dev.retour.quarantine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retour.config.FileFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rule file of the gate: what is right in it, and every fault at once. */
class GateRulesTest {
  @TempDir Path dir;

  @Test
  void the_shipped_file_has_no_fault_and_no_rule() {
    assertThat(GateRules.load(Path.of("rules/exclusions.rules.yaml")).size()).isZero();
  }

  @Test
  void the_examples_of_the_shipped_file_are_right() throws IOException {
    String examples =
        Files.readString(Path.of("rules/exclusions.rules.yaml"))
            .lines()
            .filter(
                line -> line.matches("# (duplicates|exclusions|caps|limits):|#   (- |  \\w+:).*"))
            .map(line -> line.substring(2))
            .reduce("", (one, other) -> one + other + "\n");
    assertThat(GateRules.check(write(examples))).isEmpty();
    assertThat(GateRules.load(write(examples)).size()).isEqualTo(4);
  }

  @Test
  void a_file_that_is_missing_or_empty_has_no_rules() throws IOException {
    assertThat(GateRules.load(dir.resolve("none.yaml")).size()).isZero();
    assertThat(GateRules.load(write("# nothing\n")).size()).isZero();
  }

  @Test
  void all_faults_are_told_at_once_with_their_lines() throws IOException {
    List<FileFault> faults =
        GateRules.check(
            write(
                """
                exclusions:
                  - id: a
                    messages: [EVTa, nonsense]
                    source: erp
                    sql: DELETE FROM customer WHERE email = :email
                    because: x
                caps:
                  - {id: a, messages: EVTa, per: street, most: 0, within: 2y, because: x}
                limits:
                  - {id: c, messages: ["*", EVTa], most: 5, per: day, zone: Mars/Olympus, because: x}
                  - {id: d, per: day, most: 1}
                duplicates:
                  - {id: e, messages: EVTa, within: 0s, because: x, document: yes}
                surprises: []
                """));
    assertThat(faults).extracting(FileFault::line).isSorted();
    assertThat(faults.toString())
        .contains(":3: \"nonsense\" is no message")
        .contains(":5: \"sql\" must be one SELECT")
        .contains(":8: The id \"a\" is given twice")
        .contains(":8: \"per\" must be one of recipient, domain")
        .contains(":8: \"most\" must be a whole number from 1")
        .contains(":10: \"*\" names every message")
        .contains(":10: \"zone\"")
        .contains(":11: \"messages\" is missing")
        .contains(":11: \"because\" is missing")
        .contains(":13: \"within\" must be more than 0s")
        .contains(":13: Unknown key \"document\"")
        .contains(":14: Unknown key \"surprises\"");
  }

  @Test
  void a_rule_that_another_one_leaves_nothing_to_do_is_a_fault() throws IOException {
    List<FileFault> faults =
        GateRules.check(
            write(
                """
                caps:
                  - {id: week, messages: [EVTa, EVTb], per: recipient, most: 3, within: 7d, because: x}
                  - {id: day, messages: [EVTa], per: recipient, most: 3, within: 1d, because: x}
                  - {id: one, messages: [EVTa], per: recipient, most: 1, within: 1d, because: x}
                  - {id: domain, messages: [EVTa], per: domain, most: 9, within: 1d, because: x}
                limits:
                  - {id: all, messages: "*", most: 10, per: day, because: x}
                  - {id: some, messages: EVTa, most: 10, per: day, because: x}
                """));
    assertThat(faults).extracting(FileFault::line).containsExactly(3, 8);
    assertThat(faults.get(0).text())
        .isEqualTo("The rule \"day\" never keeps a mail back: \"week\" (line 2) does so sooner.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT 1 FROM a WHERE e = :email; DROP TABLE a | must be one statement",
        "SELECT 1; SELECT :email | must be one statement",
        "INSERT INTO a VALUES (:email) | must be one SELECT",
        "WITH w AS (DELETE FROM a WHERE e = :email RETURNING 1) SELECT 1 FROM w | must only read",
        "SELECT 1 INTO b FROM a WHERE e = :email | must only read",
        "SELECT 1 FROM a WHERE e = :email FOR UPDATE | must only read",
        "SELECT nextval('s'), :email | must only read",
        "SELECT 1 FROM a | must ask about the mail",
        "SELECT 1 FROM a WHERE e = :mail | must know its parameters",
        "SELECT 1 FROM a WHERE e = ? | must name its parameters",
        "SELECT 1 FROM a WHERE e = $1 | must name its parameters",
        "SELECT 'open, :email | must end what it begins",
        "SELECT 1 FROM a WHERE e = :email AND b = $$x$$ | must be a question a source takes",
        "SELECT :email /* open | must end what it begins",
        "EXPLAIN SELECT :email | must be one SELECT",
        "-- SELECT :email | must be one SELECT",
      })
  void what_is_no_single_question_is_refused(String sql, String because) {
    assertThatThrownBy(() -> ExclusionSql.of(sql)).hasMessageContaining(because);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1 FROM a WHERE e = :email;",
        "SELECT 1 FROM a WHERE e = :email ; -- the end; really",
        "select \"update\" from a where e = :email and note <> 'delete; from :x'",
        "WITH w AS (SELECT 1) SELECT 1 FROM w WHERE :document IS NOT NULL",
        "SELECT 1 /* ; :x */ FROM a WHERE e = :email::text AND b = ';:x'",
      })
  void a_question_may_hold_quotes_comments_and_casts(String sql) {
    ExclusionSql read = ExclusionSql.of(sql);
    assertThat(read.query().parameters()).hasSize(1);
    assertThat(read.query().text()).doesNotContain("--", "/*");
  }

  private Path write(String yaml) throws IOException {
    return Files.writeString(dir.resolve("exclusions.rules.yaml"), yaml);
  }
}
