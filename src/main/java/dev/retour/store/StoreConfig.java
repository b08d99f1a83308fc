package dev.retour.store;

import dev.retour.config.ConfigException;
import dev.retour.config.Setting;
import dev.retour.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Where the data lives.
 *
 * @param jdbcUrl a PostgreSQL server; empty: embedded PostgreSQL below {@code dataDir}
 * @param user the database user; only for a server
 * @param password the user's password; only for a server
 * @param dataDir folder of everything that must survive a restart
 * @param embeddedPort the port embedded PostgreSQL listens on, on 127.0.0.1 only
 * @param poolSize connections kept to the database
 * @param connectionTimeout how long a caller waits for a connection before the store counts as down
 */
public record StoreConfig(
    String jdbcUrl,
    String user,
    String password,
    Path dataDir,
    int embeddedPort,
    int poolSize,
    Duration connectionTimeout) {

  public static final Setting<String> JDBC_URL =
      Setting.text(
          "store.jdbc-url",
          "",
          "JDBC URL of a PostgreSQL 14+ server, e.g. jdbc:postgresql://db:5432/retour."
              + " Empty: embedded PostgreSQL in the data folder.");
  public static final Setting<String> USER =
      Setting.text("store.user", "retour", "Database user on that server.");
  public static final Setting<String> PASSWORD =
      Setting.secret("store.password", "", "Password of that user.");
  public static final Setting<Path> DATA_DIR =
      Setting.path(
          "store.data-dir", "data", "Folder of embedded PostgreSQL and of the sandbox's mail.");
  public static final Setting<Integer> EMBEDDED_PORT =
      Setting.port("store.postgres-port", 15_432, "Port of embedded PostgreSQL on 127.0.0.1.");
  public static final Setting<Integer> POOL_SIZE =
      Setting.number("store.pool-size", 12, 2, 200, "connections", "Connections to the database.");
  public static final Setting<Duration> CONNECTION_TIMEOUT =
      Setting.duration(
          "store.connection-timeout",
          "5s",
          "How long a caller waits for a connection; after that intake answers 503.");
  public static final List<Setting<?>> SETTINGS =
      List.of(JDBC_URL, USER, PASSWORD, DATA_DIR, EMBEDDED_PORT, POOL_SIZE, CONNECTION_TIMEOUT);

  /** Checks the combination of values. */
  public StoreConfig {
    if (!jdbcUrl.isEmpty() && !jdbcUrl.startsWith("jdbc:postgresql:")) {
      throw new ConfigException(
          JDBC_URL.key(),
          jdbcUrl.replaceAll("password=[^&]*", "password=***"),
          "must start with jdbc:postgresql:");
    }
    if (connectionTimeout.compareTo(Duration.ofMillis(250)) < 0) {
      throw new ConfigException(CONNECTION_TIMEOUT.key(), connectionTimeout, "must be ≥ 250ms");
    }
  }

  public static StoreConfig from(Settings settings) {
    return new StoreConfig(
        settings.get(JDBC_URL),
        settings.get(USER),
        settings.get(PASSWORD),
        settings.get(DATA_DIR),
        settings.get(EMBEDDED_PORT),
        settings.get(POOL_SIZE),
        settings.get(CONNECTION_TIMEOUT));
  }

  boolean embedded() {
    return jdbcUrl.isEmpty();
  }
}
