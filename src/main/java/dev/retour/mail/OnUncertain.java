package dev.retour.mail;

import java.util.Locale;

/**
 * What happens to a mail when nobody knows whether it was taken: its sidecar died, or the line
 * broke, between the final dot and the stored answer (spec E1.4).
 */
public enum OnUncertain {
  /** Keep it until a bounce, a success report or a person settles it: for documents. */
  HOLD,
  /** Send the same bytes with the same Message-ID again: for notifications. */
  RESEND;

  /** As written in {@code event.yaml} and in {@code work_package.on_uncertain}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The policy with this label. */
  public static OnUncertain of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }
}
