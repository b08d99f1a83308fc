package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.support.TestDatabase;
import java.util.List;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/**
 * A mail that is sent without trouble changes no indexed column, so that the table and its indexes
 * do not grow with what was sent: PostgreSQL keeps such versions of a row on its page.
 */
class QueueIndexesTest {
  private static final Pattern CHANGED_BY_AN_ATTEMPT =
      Pattern.compile(
          "\\b(state|due_at|lease_owner|lease_until|attempts|attempt_id|first_attempt_at|changed_at"
              + "|unspent|failure_type|failure_reason|failure_text|failure_rule"
              + "|phase|body_sent_at|ended_at|reply)\\b");

  private final Jdbi jdbi = TestDatabase.fresh();

  @Test
  void no_index_names_a_column_that_an_attempt_changes() {
    List<String> indexes =
        jdbi.withHandle(
            h ->
                h.createQuery(
                        "SELECT indexdef FROM pg_indexes"
                            + " WHERE tablename IN ('work_package', 'attempt')")
                    .mapTo(String.class)
                    .list());
    assertThat(indexes).hasSizeGreaterThan(8).noneMatch(def -> names(def));
  }

  @Test
  void what_the_console_looks_for_is_found_by_columns_that_are_empty_before_and_after() {
    List<String> generated =
        jdbi.withHandle(
            h ->
                h.createQuery(
                        "SELECT column_name FROM information_schema.columns"
                            + " WHERE table_name = 'work_package' AND is_generated = 'ALWAYS'")
                    .mapTo(String.class)
                    .list());
    assertThat(generated)
        .containsExactlyInAnyOrder("failed_at", "uncertain_at", "untold", "late_at");
  }

  private static boolean names(String indexDefinition) {
    return CHANGED_BY_AN_ATTEMPT.matcher(indexDefinition).find();
  }
}
