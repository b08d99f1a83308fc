package dev.retour.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retour.config.Secret;
import dev.retour.support.TestDatabase;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Another database is asked as a superuser who may do everything, and still only read. */
class SourcesTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** One for all: nobody can change anything in it. */
  private static final TestDatabase.Named erp = TestDatabase.named();

  private Sources sources = Sources.none();

  @BeforeAll
  static void customers() {
    erp.jdbi()
        .useHandle(
            h -> {
              h.execute("CREATE TABLE customer (id int PRIMARY KEY, name text, since date)");
              h.execute("INSERT INTO customer VALUES (1, 'Anna', '2020-02-01'), (2, 'Bert', NULL)");
            });
  }

  @BeforeEach
  void open() {
    sources = Sources.of(List.of(config(2)), InstantSource.system());
  }

  @AfterEach
  void close() {
    sources.close();
  }

  private SourceConfig config(int rowsMax) {
    String url = erp.url();
    return new SourceConfig(
        "erp", url, "postgres", new Secret("", null), TIMEOUT, 2, rowsMax, 10_000);
  }

  private SourceAnswer ask(String sql, Map<String, ?> values) {
    return sources.query("erp", ReadOnlyQuery.parse(sql), values, 100);
  }

  private List<Map<String, Object>> rows(String sql, Map<String, ?> values) {
    return ((SourceAnswer.Rows) ask(sql, values)).rows();
  }

  private static String refusal(SourceAnswer answer) {
    assertThat(answer).isInstanceOf(SourceAnswer.Refused.class);
    return ((SourceAnswer.Refused) answer).because();
  }

  @Test
  void values_are_bound_and_come_back_with_their_types() {
    String sql =
        "SELECT id, name, since, true AS vip, timestamptz '2026-11-21 08:00+01' AS seen,"
            + " 12.50::numeric AS owed FROM customer WHERE id = :id AND 'it''s :no' <> \"name\"";
    assertThat(rows(sql, Map.of("id", "1")))
        .containsExactly(
            Map.of(
                "id",
                new BigDecimal(1),
                "name",
                "Anna",
                "since",
                LocalDate.parse("2020-02-01"),
                "vip",
                true,
                "seen",
                Instant.parse("2026-11-21T07:00:00Z"),
                "owed",
                new BigDecimal("12.50")));
    assertThat(rows("SELECT since FROM customer WHERE id = :id", Map.of("id", 2L)))
        .containsExactly(Map.of());
    assertThat(rows("SELECT id FROM customer WHERE id = :id", Map.of())).isEmpty();
  }

  @Test
  void a_list_is_one_parameter() {
    String sql = "SELECT name FROM customer WHERE name = ANY(:names)";
    assertThat(rows(sql, Map.of("names", List.of("Bert", "'; DROP TABLE customer; --"))))
        .containsExactly(Map.of("name", "Bert"));
  }

  @Test
  void no_more_rows_and_bytes_are_read_than_allowed() {
    SourceAnswer.Rows many = (SourceAnswer.Rows) ask("SELECT generate_series(1, 9)", Map.of());
    assertThat(many.rows()).hasSize(2);
    assertThat(many.more()).isTrue();
    assertThat(refusal(ask("SELECT repeat('x', 10001) AS x", Map.of())))
        .contains("larger than 10000 bytes");
    assertThat(refusal(ask("SELECT repeat('x', 10000000) AS x", Map.of())))
        .contains("maxResultBuffer");
    assertThat(rows("SELECT 1 AS n", Map.of())).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "WITH gone AS (DELETE FROM customer RETURNING id) SELECT id FROM gone",
        "SELECT name INTO stolen FROM customer",
        "SELECT id FROM customer FOR UPDATE",
        "SELECT nextval('work_package_id_seq')",
        "SELECT set_config('transaction_read_only', 'off', false)",
        "SELECT lo_create(0)",
        "WITH on1 AS (SELECT set_config('transaction_read_only', 'off', true)),"
            + " gone AS (DELETE FROM customer RETURNING id) SELECT id FROM gone"
      })
  void whatever_writes_is_refused_by_the_database(String sql) {
    refusal(ask(sql, Map.of()));
    assertThat(rows("SELECT count(*) AS n FROM customer", Map.of()))
        .containsExactly(Map.of("n", new BigDecimal(2)));
  }

  @Test
  void what_a_statement_sets_does_not_outlive_it() {
    String set =
        "SELECT set_config('default_transaction_read_only', 'off', false),"
            + " set_config('search_path', 'pg_catalog', false) AS path";
    assertThat(ask(set, Map.of())).isInstanceOf(SourceAnswer.Rows.class);
    for (int i = 0; i < 4; i++) { // every connection of the pool
      assertThat(rows("SELECT name FROM customer WHERE id = 1", Map.of())).hasSize(1);
      refusal(ask("SELECT name FROM customer FOR UPDATE", Map.of()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DELETE FROM customer",
        "SET ROLE postgres",
        "COPY customer TO PROGRAM 'id'",
        "SELECT 1; DELETE FROM customer",
        "SELECT 1;; SELECT 2",
        "SELECT 1 -- ' \n ; DELETE FROM customer -- '",
        "SELECT 1 /* ' */ ; DELETE FROM customer /* ' */",
        "/* hidden */ DELETE FROM customer",
        "SELECT /*! 1; DELETE FROM customer */",
        "SELECT 'a\\'; DELETE FROM customer; SELECT '",
        "SELECT E'a\\'; DELETE FROM customer; SELECT '",
        "SELECT $$ ' $$; DELETE FROM customer; SELECT ' $$",
        "SELECT $x$ ' $x$; DELETE FROM customer --'",
        "SELECT $1",
        "SELECT ?",
        "SELECT 'open",
        "SELECT 1 \u0000",
        "SELECTED",
        ""
      })
  void what_could_be_read_in_two_ways_is_refused_before_any_database_sees_it(String sql) {
    assertThatThrownBy(() -> ReadOnlyQuery.parse(sql))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith(".");
  }

  @Test
  void parameters_are_found_outside_of_quotes_and_casts_only() {
    ReadOnlyQuery query =
        ReadOnlyQuery.parse(
            "SELECT ':no', \":neither\", x::text, a[1:2] FROM t WHERE b = :b AND c = :b_2 ;");
    assertThat(query.parameters()).isEqualTo(Set.of("b", "b_2"));
    assertThat(query.jdbc())
        .isEqualTo("SELECT ':no', \":neither\", x::text, a[1:2] FROM t WHERE b = ? AND c = ? ");
  }

  @Test
  void who_takes_too_long_is_cut_off_and_the_next_one_is_answered() {
    long begun = System.nanoTime();
    SourceAnswer slow =
        sources.query(
            "erp", ReadOnlyQuery.parse("SELECT pg_sleep(60)"), Map.of(), 1, Duration.ofMillis(100));
    assertThat(slow)
        .isEqualTo(new SourceAnswer.Away("The source erp did not answer within 100 ms."));
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
    assertThat(rows("SELECT 1 AS n", Map.of())).hasSize(1);
    assertThat(sources.states().get(0).fault()).isNull();
  }

  @Test
  void a_source_that_is_away_is_an_answer_and_comes_back_by_itself() {
    String name = erp.url().replaceAll(".*/(test_[0-9]+).*", "$1");
    assertThat(rows("SELECT 1 AS n", Map.of())).hasSize(1);
    Jdbi other = TestDatabase.fresh();
    other.useHandle(
        h -> {
          h.execute("ALTER DATABASE " + name + " ALLOW_CONNECTIONS false");
          h.execute(
              "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ?", name);
        });
    assertThat(ask("SELECT 1 AS n", Map.of())).isInstanceOf(SourceAnswer.Away.class);
    SourceAnswer again = ask("SELECT 1 AS n", Map.of());
    assertThat(again).isInstanceOf(SourceAnswer.Away.class);
    assertThat(sources.ask().get(0).fault()).contains("does not answer", "erp");
    other.useHandle(h -> h.execute("ALTER DATABASE " + name + " ALLOW_CONNECTIONS true"));
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!(ask("SELECT 1 AS n", Map.of()) instanceof SourceAnswer.Rows)) {
      assertThat(System.nanoTime()).as("comes back in time").isLessThan(deadline);
      Thread.onSpinWait();
    }
    assertThat(sources.states().get(0).fault()).isNull();
  }

  @Test
  void an_unknown_source_is_a_sentence_and_a_replaced_one_is_used_at_once() {
    ReadOnlyQuery query = ReadOnlyQuery.parse("SELECT generate_series(1, 9) AS n");
    assertThat(refusal(sources.query("stock", query, Map.of(), 1)))
        .contains("There is no source stock; there are erp");
    sources.replace(List.of(config(5)));
    assertThat(((SourceAnswer.Rows) sources.query("erp", query, Map.of(), 9)).rows()).hasSize(5);
    sources.replace(List.of());
    assertThat(refusal(sources.query("erp", query, Map.of(), 9))).contains("there is none");
  }

  @Test
  void the_columns_of_a_statement_are_known_without_carrying_it_out() {
    ReadOnlyQuery right = ReadOnlyQuery.parse("SELECT name, since FROM customer WHERE id = :id");
    SourceAnswer.Rows columns = (SourceAnswer.Rows) sources.columns("erp", right, Map.of());
    assertThat(columns.columns()).containsExactly("name", "since");
    ReadOnlyQuery wrong = ReadOnlyQuery.parse("SELECT nam FROM customer WHERE id = :id");
    assertThat(refusal(sources.columns("erp", wrong, Map.of("id", 1L)))).contains("\"nam\"");
  }
}
