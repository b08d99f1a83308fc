package dev.retour.delivery;

import java.util.Locale;

/** What to do when nobody knows whether a mail was taken (spec E1.4). */
public enum OnUncertain {
  /** Keep it until a bounce, a success report or a person settles it: for documents. */
  HOLD,
  /** Send the same bytes with the same Message-ID again: for notifications. */
  RESEND;

  /** As stored in {@code work_package.on_uncertain}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static OnUncertain of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }
}
