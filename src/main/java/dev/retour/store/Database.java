package dev.retour.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Properties;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;
import org.jspecify.annotations.Nullable;

/**
 * The open store: embedded PostgreSQL or a server, migrated to the newest schema, with its
 * connection pool. Closing it closes the pool and stops the embedded server.
 */
public final class Database implements AutoCloseable {
  private static final String DATABASE_NAME = "retour";
  private static final int PROBE_SECONDS = 2;
  private static final int BY_INDEX_CONNECTIONS = 5;
  private static final String BY_INDEX =
      "SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_hashjoin = off;"
          + " SET enable_mergejoin = off; SET plan_cache_mode = force_generic_plan; SET jit = off";

  private final @Nullable EmbeddedServer server;
  private final HikariDataSource dataSource;
  private final HikariDataSource byIndex;
  private final Jdbi jdbi;
  private final Jdbi jdbiByIndex;

  private Database(@Nullable EmbeddedServer server, HikariDataSource dataSource) {
    this.server = server;
    this.dataSource = dataSource;
    this.byIndex = byIndex(dataSource);
    this.jdbi = jdbi(dataSource);
    this.jdbiByIndex = jdbi(byIndex);
  }

  private static Jdbi jdbi(DataSource dataSource) {
    Jdbi jdbi = Jdbi.create(dataSource);
    // A fault names neither addresses nor subjects: it is logged and shown.
    jdbi.configure(
        StatementExceptions.class, faults -> faults.setMessageRendering(MessageRendering.NONE));
    return jdbi;
  }

  /** Opens no connection before it is asked for one. */
  private static HikariDataSource byIndex(HikariDataSource like) {
    HikariConfig pool = new HikariConfig();
    like.copyStateTo(pool);
    pool.setPoolName("store-by-index");
    pool.setMaximumPoolSize(BY_INDEX_CONNECTIONS);
    pool.setMinimumIdle(0);
    pool.setInitializationFailTimeout(-1);
    pool.setConnectionInitSql(BY_INDEX);
    return new HikariDataSource(pool);
  }

  /**
   * Opens the store and migrates it.
   *
   * @throws StoreException with one sentence when that is impossible
   */
  public static Database open(StoreConfig config) {
    EmbeddedServer server =
        config.embedded() ? EmbeddedServer.start(config.dataDir(), config.embeddedPort()) : null;
    try {
      String url = server == null ? config.jdbcUrl() : server.jdbcUrl() + DATABASE_NAME;
      String user = server == null ? config.user() : server.user();
      String password = server == null ? config.password() : server.password();
      if (server != null) {
        createDatabase(server);
      } else {
        tryOut(config);
      }
      HikariDataSource pool = new HikariDataSource(pool(config, url, user, password));
      try {
        migrate(pool);
        return new Database(server, pool);
      } catch (RuntimeException e) {
        pool.close();
        throw e;
      }
    } catch (RuntimeException e) {
      if (server != null) {
        server.close();
      }
      throw e;
    }
  }

  /**
   * Connects to the store of a running engine, and starts and changes nothing: for commands beside
   * it.
   *
   * @throws StoreException with one sentence when that is impossible
   */
  public static Database connect(StoreConfig config) {
    if (!config.embedded()) {
      tryOut(config);
      return new Database(
          null,
          new HikariDataSource(pool(config, config.jdbcUrl(), config.user(), config.password())));
    }
    String url = "jdbc:postgresql://127.0.0.1:" + config.embeddedPort() + "/" + DATABASE_NAME;
    try {
      String password = EmbeddedServer.password(config.dataDir());
      DriverManager.getConnection(url, EmbeddedServer.USER, password).close();
      return new Database(
          null, new HikariDataSource(pool(config, url, EmbeddedServer.USER, password)));
    } catch (IOException | SQLException e) {
      throw new StoreException(
          "The database of "
              + config.dataDir()
              + " does not answer on port "
              + config.embeddedPort()
              + ": is ./retour up running?",
          e);
    }
  }

  public Jdbi jdbi() {
    return jdbi;
  }

  /**
   * The same database on a few connections of their own, for statements that find every row by its
   * key: planned once and by index, whatever the statistics of a queue that was empty a moment ago
   * say. Not for anything that counts or lists.
   */
  public Jdbi jdbiByIndex() {
    return jdbiByIndex;
  }

  public DataSource dataSource() {
    return dataSource;
  }

  /** Nothing when the database answers, else the fault in its own words. */
  public Optional<String> fault() {
    try (Connection connection = dataSource.getConnection()) {
      return connection.isValid(PROBE_SECONDS)
          ? Optional.empty()
          : Optional.of("The connection is no longer valid.");
    } catch (SQLException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** Whether this process runs its own PostgreSQL. */
  public boolean isEmbedded() {
    return server != null;
  }

  /** Where it is: its own server's address, or the URL of another. */
  public String place() {
    return server == null ? dataSource.getJdbcUrl() : server.address();
  }

  @Override
  public void close() {
    byIndex.close();
    dataSource.close();
    if (server != null) {
      server.close();
    }
  }

  private static HikariConfig pool(StoreConfig config, String url, String user, String password) {
    HikariConfig pool = new HikariConfig();
    pool.setPoolName("store");
    pool.setJdbcUrl(url);
    pool.setUsername(user);
    pool.setPassword(password);
    pool.setMaximumPoolSize(config.poolSize());
    pool.setMinimumIdle(1);
    pool.setConnectionTimeout(config.connectionTimeout().toMillis());
    pool.setInitializationFailTimeout(config.connectionTimeout().toMillis());
    pool.addDataSourceProperty("ApplicationName", "retour");
    pool.addDataSourceProperty("tcpKeepAlive", "true");
    pool.addDataSourceProperty("logServerErrorDetail", "false");
    return pool;
  }

  private static void createDatabase(EmbeddedServer server) {
    try (Connection connection =
            DriverManager.getConnection(
                server.jdbcUrl() + "postgres", server.user(), server.password());
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT 1 FROM pg_database WHERE datname = '" + DATABASE_NAME + "'")) {
      if (!found.next()) {
        try (Statement create = connection.createStatement()) {
          create.execute("ALTER ROLE " + server.user() + " PASSWORD '" + server.password() + "'");
          create.execute("CREATE DATABASE " + DATABASE_NAME);
        }
      }
    } catch (SQLException e) {
      throw new StoreException(
          "Embedded PostgreSQL answers but refuses its own user ("
              + e.getMessage()
              + "); was postgres.password in the data folder changed?",
          e);
    }
  }

  /** One plain connection first: the pool would hide the reason behind a time-out. */
  private static void tryOut(StoreConfig config) {
    Properties properties = new Properties();
    properties.setProperty("user", config.user());
    properties.setProperty("password", config.password());
    properties.setProperty(
        "connectTimeout", Long.toString(Math.max(1, config.connectionTimeout().toSeconds())));
    properties.setProperty(
        "loginTimeout", Long.toString(Math.max(1, config.connectionTimeout().toSeconds())));
    try (Connection connection = DriverManager.getConnection(config.jdbcUrl(), properties)) {
      if (!connection.isValid(PROBE_SECONDS)) {
        throw new StoreException("The database does not answer; see " + StoreConfig.JDBC_URL.key());
      }
    } catch (SQLException e) {
      throw new StoreException(
          "The database of "
              + StoreConfig.JDBC_URL.key()
              + " cannot be used: "
              + String.valueOf(e.getMessage()).replace('\n', ' ')
              + ". Check URL, user and password.",
          e);
    }
  }

  private static void migrate(DataSource dataSource) {
    try {
      Flyway.configure()
          .dataSource(dataSource)
          .locations("classpath:db/migration")
          .validateMigrationNaming(true)
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw new StoreException(
          "The database schema cannot be brought up to date: "
              + String.valueOf(e.getMessage()).replace('\n', ' '),
          e);
    }
  }
}
