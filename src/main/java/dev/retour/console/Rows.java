package dev.retour.console;

import dev.retour.console.Snapshot.Count;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What the console's read models share. None owns a table; each query is bounded by a LIMIT and
 * walks an index, so that a page costs the same with a thousand rows and with millions.
 */
final class Rows {
  /** Texts of the outside world are cut to this many characters before they leave the database. */
  static final int TEXT_MAX = 400;

  private Rows() {}

  /**
   * Makes this transaction one that only reads and gives up after {@code timeout}. Without JIT:
   * compiling takes longer than any of these queries.
   */
  static void readOnly(Handle handle, Duration timeout) {
    handle
        .createQuery(
            """
            SELECT set_config('transaction_read_only', 'on', true)
                   || set_config('jit', 'off', true)
                   || set_config('statement_timeout', :millis, true)""")
        .bind("millis", Long.toString(timeout.toMillis()))
        .mapTo(String.class)
        .one();
  }

  static List<Count> counts(Handle handle, String sql, int max) {
    return handle.createQuery(sql).bind("max", max).map((row, context) -> count(row, max)).list();
  }

  static Count count(ResultSet row, int max) throws SQLException {
    return new Count(
        row.getString("word"), Math.min(max, row.getLong("number")), row.getBoolean("more"));
  }

  static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  static @Nullable Integer number(ResultSet row, String column) throws SQLException {
    int value = row.getInt(column);
    return row.wasNull() ? null : value;
  }
}
