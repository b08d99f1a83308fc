package dev.retour.quarantine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Asks databases by JDBC: one statement in a transaction that may only read, is given a short time,
 * and is rolled back.
 */
public abstract class ExclusionStore implements ExclusionSources {
  /** Beyond the time of the statement, for a server that does not even answer. */
  private static final int SILENCE_MILLIS = 1_500;

  /**
   * A connection, closed by who asked for it; nothing when no source has this name.
   *
   * @throws SQLException when the source is away
   */
  protected abstract Optional<Connection> open(String source) throws SQLException;

  @Override
  public final Optional<Object> first(
      String source, ExclusionSql sql, Map<String, String> values, Duration within)
      throws SQLException {
    try (Connection connection = known(source);
        PreparedStatement statement = prepared(connection, sql, within)) {
      int place = 1;
      for (String parameter : sql.parameters()) {
        statement.setString(place++, values.get(parameter));
      }
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? Optional.ofNullable(rows.getObject(1)) : Optional.empty();
      } finally {
        connection.rollback();
      }
    }
  }

  @Override
  public final Optional<String> refusal(String source, ExclusionSql sql, Duration within)
      throws SQLException {
    try (Connection connection = known(source);
        PreparedStatement statement = prepared(connection, sql, within)) {
      try {
        return statement.getMetaData() == null
            ? Optional.of("The statement answers with nothing.")
            : Optional.empty();
      } catch (SQLException e) {
        if (String.valueOf(e.getSQLState()).startsWith("42")) {
          return Optional.of(Exclusions.sentence(e));
        }
        throw e;
      } finally {
        connection.rollback();
      }
    }
  }

  private Connection known(String source) throws SQLException {
    return open(source)
        .orElseThrow(() -> new SQLException("There is no source \"" + source + "\"."));
  }

  private static PreparedStatement prepared(
      Connection connection, ExclusionSql sql, Duration within) throws SQLException {
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
    PreparedStatement statement = connection.prepareStatement(sql.jdbc());
    statement.setMaxRows(1);
    if (!postgres) {
      statement.setQueryTimeout(1); // JDBC knows no less than a second
    }
    return statement;
  }
}
