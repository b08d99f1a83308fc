package dev.retour.messages;

import java.util.Locale;

/**
 * What happens to a mail when the process died between the final dot and the stored answer, so that
 * nobody knows whether the relay took it.
 */
public enum OnUncertain {
  /** A person decides; for documents, which must never go out twice. */
  HOLD,
  /** The same bytes go out again with the same Message-ID; for notifications. */
  RESEND;

  /** As written in {@code event.yaml} and in the table {@code work_package}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
