package dev.retour.app;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.events.FileTables.Rows;
import dev.retour.store.SourceConfig;
import dev.retour.store.Sources;
import dev.retour.support.TestDatabase;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Files in a table of another database. */
class SourceTablesTest {
  private static final String SQL = "SELECT content FROM archive WHERE name = :key";

  @Test
  void a_key_finds_the_bytes_of_its_row_and_nothing_else() {
    TestDatabase.Named database = TestDatabase.named();
    byte[] pdf = "%PDF-1.4".getBytes(US_ASCII);
    database
        .jdbi()
        .useHandle(
            handle -> {
              handle.execute("CREATE TABLE archive (name text, content bytea, title text)");
              for (String name : List.of("INV-1", "twice", "twice")) {
                handle.execute("INSERT INTO archive VALUES (?, ?, 'x')", name, pdf);
              }
              handle.execute("INSERT INTO archive VALUES ('empty', NULL, 'x')");
            });
    SourceConfig erp = SourceConfig.erp(database.url(), "postgres", "postgres");
    try (Sources sources = Sources.of(List.of(erp), InstantSource.system())) {
      SourceTables tables = new SourceTables(sources);
      assertThat(found(tables, SQL, "INV-1")).containsExactly(pdf);
      assertThat(found(tables, SQL, "twice")).hasSize(2);
      assertThat(found(tables, SQL, "empty")).isEmpty();
      assertThat(found(tables, SQL, "x' OR '1'='1")).isEmpty();
      assertThat(found(tables, SQL, "INV-1'; DROP TABLE archive; --")).isEmpty();
      assertThat(found(tables, SQL, "INV-1")).hasSize(1);

      assertThat(tables.ask("erp", SQL.replace("content", "title"), "INV-1"))
          .isEqualTo(new Rows.Away("The column title holds no bytes."));
      assertThat(tables.ask("erp", SQL.replace("archive", "nowhere"), "INV-1"))
          .isInstanceOf(Rows.Away.class);
      assertThat(tables.ask("other", SQL, "INV-1")).isInstanceOf(Rows.Away.class);
    }
  }

  @Test
  void a_statement_that_does_more_than_find_one_key_is_refused() {
    try (Sources sources = Sources.none()) {
      SourceTables tables = new SourceTables(sources);
      assertThat(tables.fault(SQL)).isEmpty();
      assertThat(tables.fault("DELETE FROM archive WHERE name = :key")).isPresent();
      assertThat(tables.fault(SQL + "; DELETE FROM archive")).isPresent();
      assertThat(tables.fault(SQL + " AND tenant = :tenant")).isPresent();
      assertThat(tables.fault("SELECT content FROM archive")).isPresent();
    }
  }

  private static List<byte[]> found(SourceTables tables, String sql, String key) {
    return ((Rows.Found) tables.ask("erp", sql, key)).bytes();
  }
}
