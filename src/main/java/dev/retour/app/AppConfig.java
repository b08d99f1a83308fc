package dev.retour.app;

import dev.retour.config.Setting;
import dev.retour.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Where the routes are, how changes are noticed, and how the process logs and stops.
 *
 * @param shutdownWait how long mails in the air may take to finish when the process is stopped
 */
public record AppConfig(Path routes, Duration reloadInterval, Duration shutdownWait) {

  /** How log lines are written. */
  public enum LogFormat {
    TEXT,
    JSON
  }

  public static final Setting<Path> ROUTES =
      Setting.path("app.routes", "routes", "Folder of the YAML routes.");
  public static final Setting<Duration> RELOAD_INTERVAL =
      Setting.duration(
          "app.reload-interval",
          "1s",
          "How often routes, rules and messages are looked at for changes.");
  public static final Setting<Duration> SHUTDOWN_WAIT =
      Setting.duration(
          "app.shutdown-wait", "15s", "How long mails in the air may take when Retour is stopped.");

  /** Read by {@code routes/clean-up/}, not by Java. */
  public static final Setting<String> CLEAN_UP_CRON =
      Setting.text(
          "app.clean-up-cron",
          "0 0 4 * * ?",
          "When what is over is cleaned up, as a Quartz cron expression in the time zone of the"
              + " machine.");

  public static final Setting<LogFormat> LOG_FORMAT =
      Setting.choice(
          "app.log-format",
          LogFormat.TEXT,
          "text for people, json for collectors; both carry event and workPackage ids.");
  public static final Setting<Boolean> VIRTUAL_THREADS =
      Setting.flag(
          "app.virtual-threads",
          false,
          "Whether routes run on virtual threads, from Java 24 on. Compare both by"
              + " ./retour bench deliver first.");
  public static final List<Setting<?>> SETTINGS =
      List.of(ROUTES, RELOAD_INTERVAL, SHUTDOWN_WAIT, CLEAN_UP_CRON, LOG_FORMAT, VIRTUAL_THREADS);

  public static AppConfig from(Settings settings) {
    return new AppConfig(
        settings.get(ROUTES), settings.get(RELOAD_INTERVAL), settings.get(SHUTDOWN_WAIT));
  }
}
