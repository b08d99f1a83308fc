package dev.retour.app;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The person at the terminal: who it is, and what is safe to show there. */
final class Operator {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss xxx", Locale.ROOT);

  private Operator() {}

  /** The name that goes into histories. */
  static String name() {
    return System.getProperty("user.name", "unknown");
  }

  /** A time to the second, where the operator is; programs are given {@code Instant.toString()}. */
  static String time(Instant at) {
    return TIME.format(at.atZone(ZoneId.systemDefault()));
  }

  /** What strangers wrote, without the signs that would steer a terminal; empty for nothing. */
  static String shown(@Nullable String text) {
    return text == null ? "" : text.replaceAll("\\p{Cntrl}", " ");
  }
}
