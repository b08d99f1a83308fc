package dev.retour.delivery;

import java.util.Locale;

/** The place of a recipient in its mail (RFC 5322 section 3.6.3). */
public enum Role {
  TO,
  CC,
  /** In the envelope only, never in a header. */
  BCC;

  /** As stored in {@code work_package.role}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
