package dev.retour.store;

import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jdbi.v3.core.argument.Argument;
import org.jspecify.annotations.Nullable;

/**
 * Columns of many rows as arrays, for statements that read them by {@code unnest}: one statement
 * enters a whole page.
 */
public final class Columns {
  private Columns() {}

  /** A column of texts, one for each row. */
  public static <T> Argument texts(List<T> rows, Function<T, @Nullable String> column) {
    return of("text", rows, column);
  }

  /** A column of points in time, one for each row. */
  public static <T> Argument times(List<T> rows, Function<T, @Nullable Instant> column) {
    return of(
        "timestamptz",
        rows,
        row -> {
          Instant time = column.apply(row);
          return time == null ? null : time.toString();
        });
  }

  /** A column of bytes, one for each row. */
  public static <T> Argument bytes(List<T> rows, Function<T, byte[]> column) {
    return of("bytea", rows.stream().map(column).toArray(byte[][]::new));
  }

  /**
   * A column of another type.
   *
   * @param type as PostgreSQL names the type of one value
   */
  public static <T> Argument of(
      String type, List<T> rows, Function<T, ? extends @Nullable Object> column) {
    return of(type, rows.stream().map(column).toArray());
  }

  private static Argument of(String type, Object[] values) {
    return (position, statement, context) ->
        statement.setArray(position, statement.getConnection().createArrayOf(type, values));
  }
}
