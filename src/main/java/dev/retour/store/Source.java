package dev.retour.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One source with its few connections: each statement in a read-only transaction of its own that is
 * always rolled back, cut off when it takes too long.
 */
final class Source implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Source.class);

  /** While it is away nobody waits for it but one who tries, this often. */
  private static final Duration TRY_EVERY = Duration.ofSeconds(1);

  /** A cut-off that the database does not take note of is followed by the end of the connection. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private static final String READ_ONLY = "25006";
  private static final String RESULT_LIMIT = "maxResultBuffer";
  private static final Duration IDLE = Duration.ofMinutes(2);

  private final SourceConfig config;
  private final InstantSource clock;
  private final ScheduledExecutorService timer;
  private final HikariDataSource pool;
  private volatile SourceState state;
  private volatile long seenNanos = System.nanoTime();
  private volatile long restsUntilNanos = System.nanoTime();

  Source(SourceConfig config, InstantSource clock, ScheduledExecutorService timer) {
    this.config = config;
    this.clock = clock;
    this.timer = timer;
    this.pool = new HikariDataSource(pool(config));
    this.state = new SourceState(config.id(), false, null, null);
  }

  private static HikariConfig pool(SourceConfig config) {
    HikariConfig pool = new HikariConfig();
    pool.setPoolName("source-" + config.id());
    pool.setJdbcUrl(config.jdbcUrl());
    if (!config.user().isEmpty()) {
      pool.setUsername(config.user());
      pool.setPassword(config.password().text());
    }
    pool.setMaximumPoolSize(config.connections());
    pool.setMinimumIdle(0);
    pool.setIdleTimeout(IDLE.toMillis());
    pool.setReadOnly(true);
    pool.setAutoCommit(false);
    pool.setConnectionTimeout(config.timeout().toMillis());
    pool.setValidationTimeout(config.timeout().toMillis());
    // It may be away when we start, and come back: that must not keep us from sending.
    pool.setInitializationFailTimeout(-1);
    if (config.isPostgres()) {
      String seconds = Long.toString(Math.max(1, config.timeout().toSeconds()));
      pool.addDataSourceProperty("ApplicationName", "retour");
      pool.addDataSourceProperty("tcpKeepAlive", "true");
      pool.addDataSourceProperty("connectTimeout", seconds);
      pool.addDataSourceProperty("cancelSignalTimeout", seconds);
      pool.addDataSourceProperty("logServerErrorDetail", "false");
      pool.addDataSourceProperty("maxResultBuffer", Long.toString(2L * config.bytesMax()));
      // A text is compared as what the column is: an id that is a number needs no cast.
      pool.addDataSourceProperty("stringtype", "unspecified");
    }
    return pool;
  }

  SourceConfig config() {
    return config;
  }

  SourceState state() {
    return state;
  }

  /** How long ago it was last asked anything. */
  Duration age() {
    return Duration.ofNanos(System.nanoTime() - seenNanos);
  }

  /** What is done with a prepared statement whose values are bound. */
  private interface Work {
    SourceAnswer with(PreparedStatement statement) throws SQLException;
  }

  SourceAnswer query(ReadOnlyQuery query, Map<String, ?> values, int rowsMax, Duration timeout) {
    int most = Math.min(rowsMax, config.rowsMax());
    return with(
        query,
        values,
        timeout,
        statement -> {
          statement.setMaxRows(most + 1);
          try (ResultSet rows = statement.executeQuery()) {
            return new SourceRows(most, config.bytesMax()).read(rows);
          }
        });
  }

  /** The columns it would have; it is not carried out. */
  SourceAnswer columns(ReadOnlyQuery query, Map<String, ?> samples) {
    return with(
        query,
        samples,
        config.timeout(),
        statement -> {
          ResultSetMetaData data = statement.getMetaData();
          return new SourceAnswer.Rows(
              data == null ? List.of() : SourceRows.columns(data), List.of(), false);
        });
  }

  /** Whether it answers at all. */
  void probe() {
    with(ReadOnlyQuery.parse("SELECT 1"), Map.of(), config.timeout(), Source::nothing);
  }

  private static SourceAnswer nothing(PreparedStatement statement) {
    return new SourceAnswer.Rows(List.of(), List.of(), false);
  }

  private SourceAnswer with(
      ReadOnlyQuery query, Map<String, ?> values, Duration timeout, Work work) {
    String fault = state.fault();
    if (fault != null && System.nanoTime() - restsUntilNanos < 0) {
      return new SourceAnswer.Away(fault);
    }
    Connection taken;
    try {
      taken = pool.getConnection();
    } catch (SQLException e) {
      return away(e); // whatever the reason, a wrong password too: there is no connection
    }
    try (Connection connection = taken) {
      return inTime(connection, query, values, timeout, work);
    } catch (SQLException e) {
      return isAway(e) ? away(e) : refused(e);
    }
  }

  /** To us a read-only database is well, and an answer that is too large is not its fault. */
  private static boolean isAway(SQLException e) {
    return StoreFault.isAway(e)
        && !READ_ONLY.equals(e.getSQLState())
        && !String.valueOf(e.getMessage()).contains(RESULT_LIMIT);
  }

  private SourceAnswer inTime(
      Connection connection,
      ReadOnlyQuery query,
      Map<String, ?> values,
      Duration timeout,
      Work work)
      throws SQLException {
    Duration limit = timeout.compareTo(config.timeout()) < 0 ? timeout : config.timeout();
    limitNetwork(connection, limit.plus(GRACE));
    try (PreparedStatement statement = connection.prepareStatement(query.jdbc())) {
      SourceValues.bind(statement, query, values);
      AtomicBoolean late = new AtomicBoolean();
      ScheduledFuture<?> cutOff =
          timer.schedule(() -> cut(statement, late), limit.toMillis(), TimeUnit.MILLISECONDS);
      try {
        SourceAnswer answer = work.with(statement);
        up();
        return answer;
      } catch (SQLException e) {
        if (late.get() && !isAway(e)) {
          up();
          return new SourceAnswer.Away(
              "The source " + config.id() + " did not answer within " + limit.toMillis() + " ms.");
        }
        throw e;
      } finally {
        cutOff.cancel(false);
      }
    } finally {
      if (!connection.isClosed()) {
        connection.rollback();
      }
    }
  }

  private static void limitNetwork(Connection connection, Duration limit) throws SQLException {
    try {
      connection.setNetworkTimeout(Runnable::run, Math.toIntExact(limit.toMillis()));
    } catch (SQLFeatureNotSupportedException e) {
      log.debug("The driver knows no limit of the network; the cut-off alone has to do.", e);
    }
  }

  private void cut(Statement statement, AtomicBoolean late) {
    late.set(true);
    try {
      statement.cancel();
    } catch (SQLException e) {
      log.debug("A statement on {} could not be cut off.", config.id(), e);
    }
  }

  private void up() {
    seenNanos = System.nanoTime();
    SourceState before = state;
    if (before.asked() && before.fault() == null) {
      return;
    }
    state = new SourceState(config.id(), true, null, clock.instant());
    if (before.fault() != null) {
      log.info("The source {} answers again.", config.id());
    }
  }

  private SourceAnswer.Away away(SQLException e) {
    seenNanos = System.nanoTime();
    restsUntilNanos = System.nanoTime() + TRY_EVERY.toNanos();
    // A password in a file may have been changed since.
    config.password().now().ifPresent(pool::setPassword);
    SourceState before = state;
    String because = "The source " + config.id() + " does not answer (" + reason(e) + ").";
    Instant since = before.fault() == null ? clock.instant() : before.since();
    state = new SourceState(config.id(), true, because, since);
    if (before.fault() == null) {
      log.warn(because);
    }
    return new SourceAnswer.Away(because);
  }

  private SourceAnswer.Refused refused(SQLException e) {
    up();
    return new SourceAnswer.Refused(
        "The source " + config.id() + " refuses the statement (" + reason(e) + ").");
  }

  /** The words of the database, not of the pool; one line. */
  private static String reason(SQLException e) {
    @Nullable Throwable cause = e.getCause();
    String text =
        String.valueOf(cause instanceof SQLException inner ? inner.getMessage() : e.getMessage());
    String line = text.lines().map(String::strip).findFirst().orElse("");
    return line.length() > 300 ? line.substring(0, 300) + "…" : line;
  }

  @Override
  public void close() {
    pool.close();
  }
}
