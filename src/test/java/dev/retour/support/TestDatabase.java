package dev.retour.support;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;

/**
 * A real PostgreSQL for tests: one server per JVM, one migrated template, and for each caller a
 * database of its own copied from it (about 50 ms), so that no test sees another's rows.
 */
public final class TestDatabase {
  private static final AtomicInteger count = new AtomicInteger();
  private static final EmbeddedPostgres server = start();

  private static final int CONNECTIONS = 20;
  private static final long IDLE_MILLIS = 10_000;

  private TestDatabase() {}

  /** A database of one's own, migrated and empty. */
  public static synchronized Jdbi fresh() {
    HikariConfig pool = new HikariConfig();
    pool.setDataSource(freshDataSource());
    pool.setMaximumPoolSize(CONNECTIONS);
    pool.setMinimumIdle(0); // a test closes no pool; its idle connections end by themselves
    pool.setIdleTimeout(IDLE_MILLIS);
    return Jdbi.create(new HikariDataSource(pool));
  }

  /** One's own with the URL by which another process reaches it. */
  public record Named(String url, Jdbi jdbi) {}

  /** A database of one's own that another process may open, too. */
  public static synchronized Named named() {
    Jdbi jdbi = fresh();
    return new Named(server.getJdbcUrl("postgres", "test_" + count.get()), jdbi);
  }

  /** The same as a plain DataSource without a pool. */
  public static synchronized DataSource freshDataSource() {
    String name = "test_" + count.incrementAndGet();
    execute("CREATE DATABASE " + name + " TEMPLATE retour_template");
    return server.getDatabase("postgres", name);
  }

  private static EmbeddedPostgres start() {
    try {
      EmbeddedPostgres postgres =
          EmbeddedPostgres.builder()
              .setPort(Ports.free())
              .setServerConfig("timezone", "UTC")
              .setServerConfig("max_connections", "300")
              .start();
      try (Connection connection = postgres.getPostgresDatabase().getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE DATABASE retour_template");
      }
      Flyway.configure()
          .dataSource(postgres.getDatabase("postgres", "retour_template"))
          .load()
          .migrate();
      return postgres;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void execute(String sql) {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
