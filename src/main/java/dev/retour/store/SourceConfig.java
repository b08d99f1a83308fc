package dev.retour.store;

import dev.retour.config.Secret;
import java.time.Duration;

/**
 * Another database, only ever read.
 *
 * @param id what messages and rules call it
 * @param timeout for a connection, and for the answer to one statement
 * @param connections kept at most
 * @param rowsMax rows of one answer at most
 * @param bytesMax of one answer at most
 */
public record SourceConfig(
    String id,
    String jdbcUrl,
    String user,
    Secret password,
    Duration timeout,
    int connections,
    int rowsMax,
    int bytesMax) {
  public static final String ERP = "erp";
  static final Duration TIMEOUT_DEFAULT = Duration.ofSeconds(2);
  static final Duration TIMEOUT_MIN = Duration.ofMillis(250);
  static final Duration TIMEOUT_MAX = Duration.ofSeconds(20);
  static final int CONNECTIONS_DEFAULT = 4;
  static final int ROWS_MAX_DEFAULT = 1_000;
  static final int BYTES_MAX_DEFAULT = 20_000_000;

  /** The database of the ERP itself, with the limits nobody has set otherwise. */
  public static SourceConfig erp(String jdbcUrl, String user, String password) {
    return new SourceConfig(
        ERP,
        jdbcUrl,
        user,
        new Secret(password, null),
        TIMEOUT_DEFAULT,
        CONNECTIONS_DEFAULT,
        ROWS_MAX_DEFAULT,
        BYTES_MAX_DEFAULT);
  }

  boolean isPostgres() {
    return jdbcUrl.startsWith("jdbc:postgresql:");
  }
}
