package dev.retour.console;

import dev.retour.config.ConfigException;
import dev.retour.config.Setting;
import dev.retour.config.Settings;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

/**
 * What the console shows and what it may cost.
 *
 * @param refresh how often an open page asks for news; also how long one reading of the database
 *     serves all viewers
 * @param rows rows of each list
 * @param window how many of the newest events and bounces are counted by status
 * @param countMax where counting stops; above it the page says "more than"
 * @param overdueAfter how long a due mail may wait before the queue counts as standing still
 * @param queryTimeout after that a reading of the database is given up
 * @param mailBytesMax how much of a captured mail is shown, in bytes
 * @param timeZone the zone of all times shown
 */
public record ConsoleConfig(
    Duration refresh,
    int rows,
    int window,
    int countMax,
    Duration overdueAfter,
    Duration queryTimeout,
    int mailBytesMax,
    ZoneId timeZone) {

  public static final Setting<Duration> REFRESH =
      Setting.duration("console.refresh", "2s", "How often an open console page asks for news.");
  public static final Setting<Integer> ROWS =
      Setting.number("console.rows", 15, 1, 200, "rows", "Rows of each list of the console.");
  public static final Setting<Integer> WINDOW =
      Setting.number(
          "console.window",
          1_000,
          10,
          100_000,
          "events",
          "How many of the newest events and bounces the console counts by status.");
  public static final Setting<Integer> COUNT_MAX =
      Setting.number(
          "console.count-max",
          2_000,
          10,
          1_000_000,
          "rows",
          "Where the console stops counting the queue and addresses and says 'more than'.");
  public static final Setting<Duration> OVERDUE_AFTER =
      Setting.duration(
          "console.overdue-after",
          "5m",
          "How long a due mail may wait before the console calls the queue standing still.");
  public static final Setting<Duration> QUERY_TIMEOUT =
      Setting.duration(
          "console.query-timeout", "3s", "After that the console gives up reading the database.");
  public static final Setting<Integer> MAIL_BYTES_MAX =
      Setting.number(
          "console.mail-bytes-max",
          1_048_576,
          1_024,
          33_554_432,
          "bytes",
          "How much of a captured mail the console shows.");
  public static final Setting<String> TIME_ZONE =
      Setting.text(
          "console.time-zone",
          "",
          "Zone of the times shown, e.g. Europe/Berlin. Empty: the zone of the machine.");
  public static final List<Setting<?>> SETTINGS =
      List.of(
          REFRESH,
          ROWS,
          WINDOW,
          COUNT_MAX,
          OVERDUE_AFTER,
          QUERY_TIMEOUT,
          MAIL_BYTES_MAX,
          TIME_ZONE);

  /** Checks the values that a parser alone cannot. */
  public ConsoleConfig {
    between(REFRESH, refresh, Duration.ofSeconds(1), Duration.ofMinutes(10));
    between(OVERDUE_AFTER, overdueAfter, Duration.ofSeconds(1), Duration.ofDays(30));
    between(QUERY_TIMEOUT, queryTimeout, Duration.ofMillis(100), Duration.ofMinutes(1));
  }

  public static ConsoleConfig from(Settings settings) {
    return new ConsoleConfig(
        settings.get(REFRESH),
        settings.get(ROWS),
        settings.get(WINDOW),
        settings.get(COUNT_MAX),
        settings.get(OVERDUE_AFTER),
        settings.get(QUERY_TIMEOUT),
        settings.get(MAIL_BYTES_MAX),
        zone(settings.get(TIME_ZONE)));
  }

  private static ZoneId zone(String text) {
    if (text.isEmpty()) {
      return ZoneId.systemDefault();
    }
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      ConfigException fault =
          new ConfigException(
              TIME_ZONE.key(), text, "must be the name of a time zone such as Europe/Berlin");
      fault.initCause(e);
      throw fault;
    }
  }

  private static void between(
      Setting<Duration> setting, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new ConfigException(
          setting.key(),
          value,
          "must be from " + least.toMillis() + "ms to " + most.toMillis() + "ms");
    }
  }
}
