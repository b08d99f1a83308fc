package dev.retour.app;

import org.jspecify.annotations.Nullable;

/** The person at the terminal: who it is, and what is safe to show there. */
final class Operator {
  private Operator() {}

  /** The name that goes into histories. */
  static String name() {
    return System.getProperty("user.name", "unknown");
  }

  /** What strangers wrote, without the signs that would steer a terminal; empty for nothing. */
  static String shown(@Nullable String text) {
    return text == null ? "" : text.replaceAll("\\p{Cntrl}", " ");
  }
}
