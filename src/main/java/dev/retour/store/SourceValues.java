package dev.retour.store;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Binds values to the parameters of a statement: never as part of its text. */
final class SourceValues {
  private SourceValues() {}

  /**
   * Binds each parameter; one without a value is NULL, which equals nothing.
   *
   * @param values String, BigDecimal, Long, Integer, Boolean, LocalDate, Instant, or a list of them
   */
  static void bind(PreparedStatement statement, ReadOnlyQuery query, Map<String, ?> values)
      throws SQLException {
    int at = 1;
    for (String name : query.order()) {
      bind(statement, at++, values.get(name));
    }
  }

  private static void bind(PreparedStatement statement, int at, @Nullable Object value)
      throws SQLException {
    if (value == null) {
      statement.setNull(at, Types.NULL);
    } else if (value instanceof String text) {
      statement.setString(at, text);
    } else if (value instanceof Instant time) {
      statement.setObject(at, time.atOffset(ZoneOffset.UTC));
    } else if (value instanceof List<?> list) {
      statement.setArray(at, array(statement.getConnection(), list));
    } else {
      statement.setObject(at, value);
    }
  }

  private static java.sql.Array array(Connection connection, List<?> list) throws SQLException {
    Object first = list.isEmpty() ? "" : list.get(0);
    String type =
        first instanceof Long || first instanceof Integer
            ? "int8"
            : first instanceof BigDecimal
                ? "numeric"
                : first instanceof LocalDate ? "date" : first instanceof Boolean ? "bool" : "text";
    return connection.createArrayOf(type, list.toArray());
  }
}
