package dev.retour.sandbox;

import java.util.Locale;

/** What the sink does with a recipient, decided by the local part alone. */
enum Behaviour {
  OK,
  UNKNOWN,
  FULL,
  GREYLISTED,
  SLOW,
  /** The whole body is taken and captured, but the connection is cut instead of an answer. */
  DROP,
  /** The connection is cut in the middle of the body; nothing is captured. */
  CUT,
  BOUNCE_LATER,
  FULL_LATER,
  COMPLAINT,
  AWAY,
  SPAM;

  /**
   * The behaviour of an address. {@code full+7@…}, {@code full.7@…}, {@code full-7@…} and {@code
   * full7@…} behave like {@code full@…}, so that there are as many distinct addresses as a test
   * needs. An unknown local part behaves like {@code ok}.
   */
  static Behaviour of(String address) {
    int at = address.lastIndexOf('@');
    String local = (at < 0 ? address : address.substring(0, at)).toLowerCase(Locale.ROOT);
    int end = 0;
    while (end < local.length() && local.charAt(end) != '+' && local.charAt(end) != '.') {
      end++;
    }
    while (end > 0 && isSuffix(local.charAt(end - 1))) {
      end--;
    }
    String name = local.substring(0, end);
    for (Behaviour behaviour : values()) {
      if (behaviour.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(name)) {
        return behaviour;
      }
    }
    return OK;
  }

  private static boolean isSuffix(char c) {
    return (c >= '0' && c <= '9') || c == '-' || c == '_';
  }
}
