package dev.retour.store;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the rows of an answer as plain values, within limits. */
final class SourceRows {
  private final int rowsMax;
  private final int bytesMax;
  private long bytes;

  SourceRows(int rowsMax, int bytesMax) {
    this.rowsMax = rowsMax;
    this.bytesMax = bytesMax;
  }

  /** The names of the columns in lower case. */
  static List<String> columns(ResultSetMetaData data) throws SQLException {
    List<String> columns = new ArrayList<>();
    for (int i = 1; i <= data.getColumnCount(); i++) {
      columns.add(data.getColumnLabel(i).toLowerCase(Locale.ROOT));
    }
    return columns;
  }

  SourceAnswer read(ResultSet result) throws SQLException {
    List<String> columns = columns(result.getMetaData());
    if (new HashSet<>(columns).size() < columns.size()) {
      return new SourceAnswer.Refused(
          "Two columns of the statement have the same name; name one otherwise with AS.");
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    while (result.next()) {
      if (rows.size() == rowsMax) {
        return new SourceAnswer.Rows(columns, rows, true);
      }
      Map<String, Object> row = new HashMap<>();
      for (int i = 0; i < columns.size(); i++) {
        Object value = value(result, i + 1);
        if (value != null) {
          row.put(columns.get(i), value);
          bytes += size(value);
        }
      }
      if (bytes > bytesMax) {
        return new SourceAnswer.Refused(
            "The answer is larger than " + bytesMax + " bytes; ask for less.");
      }
      rows.add(row);
    }
    return new SourceAnswer.Rows(columns, rows, false);
  }

  private static long size(Object value) {
    return value instanceof byte[] content
        ? content.length
        : value instanceof String text ? text.getBytes(StandardCharsets.UTF_8).length : 16;
  }

  private static @Nullable Object value(ResultSet result, int at) throws SQLException {
    ResultSetMetaData data = result.getMetaData();
    String type = data.getColumnTypeName(at).toLowerCase(Locale.ROOT);
    switch (data.getColumnType(at)) {
      case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT, Types.DECIMAL:
      case Types.NUMERIC, Types.REAL, Types.FLOAT, Types.DOUBLE:
        return number(result, at);
      case Types.BOOLEAN, Types.BIT:
        boolean flag = result.getBoolean(at);
        return result.wasNull() ? null : flag;
      case Types.DATE:
        return result.getObject(at, LocalDate.class);
      case Types.TIMESTAMP:
        return type.equals("timestamptz") ? time(result, at) : local(result, at);
      case Types.TIMESTAMP_WITH_TIMEZONE:
        return time(result, at);
      case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB:
        return result.getBytes(at);
      default:
        return result.getString(at);
    }
  }

  /** PostgreSQL calls a number that is none a number, too. */
  private static @Nullable Object number(ResultSet result, int at) throws SQLException {
    String text = result.getString(at);
    if (text == null) {
      return null;
    }
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      return text;
    }
  }

  private static @Nullable Instant time(ResultSet result, int at) throws SQLException {
    OffsetDateTime time = result.getObject(at, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  private static @Nullable LocalDateTime local(ResultSet result, int at) throws SQLException {
    return result.getObject(at, LocalDateTime.class);
  }
}
