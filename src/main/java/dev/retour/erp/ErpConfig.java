package dev.retour.erp;

import dev.retour.config.ConfigException;
import dev.retour.config.Setting;
import dev.retour.config.Settings;
import java.time.Duration;
import java.util.List;

/**
 * The ERP's own database, when it hands over events through a table.
 *
 * @param jdbcUrl empty: there is none
 */
public record ErpConfig(String jdbcUrl, String user, String password) {
  public static final Setting<String> JDBC_URL =
      Setting.text(
          "erp.jdbc-url",
          "",
          "Database of the ERP that holds the table retour_outbox. Empty: events come over HTTP"
              + " only.");
  public static final Setting<String> USER = Setting.text("erp.user", "", "User on that database.");
  public static final Setting<String> PASSWORD =
      Setting.secret("erp.password", "", "Password of that user.");
  public static final Setting<Duration> OUTBOX_INTERVAL =
      Setting.duration("erp.outbox-interval", "2s", "How often the outbox is looked at.");
  public static final List<Setting<?>> SETTINGS =
      List.of(JDBC_URL, USER, PASSWORD, OUTBOX_INTERVAL);

  /** Checks the combination of values. */
  public ErpConfig {
    if (!jdbcUrl.isEmpty() && !jdbcUrl.startsWith("jdbc:")) {
      throw new ConfigException(JDBC_URL.key(), "***", "must start with jdbc:");
    }
  }

  public static ErpConfig from(Settings settings) {
    if (settings.get(OUTBOX_INTERVAL).toMillis() < 100) {
      throw new ConfigException(
          OUTBOX_INTERVAL.key(), settings.text(OUTBOX_INTERVAL), "must be at least 100ms");
    }
    return new ErpConfig(settings.get(JDBC_URL), settings.get(USER), settings.get(PASSWORD));
  }

  /** Whether the routes of the outbox run. */
  public boolean enabled() {
    return !jdbcUrl.isEmpty();
  }
}
