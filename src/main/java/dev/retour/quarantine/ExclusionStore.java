package dev.retour.quarantine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks the sources: one statement in a transaction that may only read, is given a short time, and
 * is rolled back.
 */
final class ExclusionStore {
  /** Beyond the time of the statement, for a server that does not even answer. */
  private static final int SILENCE_MILLIS = 1_500;

  private final ExclusionSources sources;

  ExclusionStore(ExclusionSources sources) {
    this.sources = sources;
  }

  ExclusionSources sources() {
    return sources;
  }

  /**
   * Whether a rule excludes a mail: its first row has a first value other than false, 0 and null.
   *
   * @throws SQLException when the source is away, too slow, or refuses the statement
   */
  boolean excludes(GateRules.Exclusion rule, GateRequest mail, Duration within)
      throws SQLException {
    try (Connection connection = open(rule);
        PreparedStatement statement = prepared(connection, rule, within)) {
      bind(statement, rule.sql(), mail);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() && isYes(rows.getObject(1));
      } finally {
        connection.rollback();
      }
    }
  }

  /**
   * What the source has against a statement, asked without running it; nothing when it takes it.
   *
   * @throws SQLException when the source is away
   */
  Optional<String> fault(GateRules.Exclusion rule, Duration within) throws SQLException {
    try (Connection connection = open(rule);
        PreparedStatement statement = prepared(connection, rule, within)) {
      try {
        return statement.getMetaData() == null
            ? Optional.of("The statement answers with nothing.")
            : Optional.empty();
      } catch (SQLException e) {
        if (String.valueOf(e.getSQLState()).startsWith("42")) {
          return Optional.of(sentence(e));
        }
        throw e;
      } finally {
        connection.rollback();
      }
    }
  }

  /** In one line. */
  static String sentence(SQLException e) {
    return String.valueOf(e.getMessage()).replaceAll("\\s+", " ").strip();
  }

  private Connection open(GateRules.Exclusion rule) throws SQLException {
    return sources
        .open(rule.source())
        .orElseThrow(() -> new SQLException("There is no source \"" + rule.source() + "\"."));
  }

  private static PreparedStatement prepared(
      Connection connection, GateRules.Exclusion rule, Duration within) throws SQLException {
    connection.setReadOnly(true);
    connection.setAutoCommit(false);
    try {
      connection.setNetworkTimeout(Runnable::run, (int) within.toMillis() + SILENCE_MILLIS);
    } catch (SQLFeatureNotSupportedException e) {
      // The time of the statement has to do.
    }
    boolean postgres = connection.getMetaData().getDatabaseProductName().equals("PostgreSQL");
    if (postgres) {
      try (Statement limit = connection.createStatement()) {
        limit.execute("SET LOCAL statement_timeout = " + within.toMillis());
      }
    }
    PreparedStatement statement = connection.prepareStatement(rule.sql().jdbc());
    statement.setMaxRows(1);
    if (!postgres) {
      statement.setQueryTimeout(1); // JDBC knows no less than a second
    }
    return statement;
  }

  private static void bind(PreparedStatement statement, ExclusionSql sql, GateRequest mail)
      throws SQLException {
    int place = 1;
    for (String parameter : sql.parameters()) {
      statement.setString(
          place++,
          switch (parameter) {
            case "email" -> mail.addressKey();
            case "message" -> mail.message();
            default -> mail.document();
          });
    }
  }

  private static boolean isYes(@Nullable Object value) {
    if (value instanceof Boolean flag) {
      return flag;
    }
    return value instanceof Number number ? number.doubleValue() != 0 : value != null;
  }
}
