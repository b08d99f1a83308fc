package dev.retour.qualification;

import java.util.Locale;

/** How the failure text reached us. */
public enum Source {
  /** The other server's answer in our own SMTP session. */
  SMTP_REPLY,
  /** A mail that reports the failure later. */
  BOUNCE;

  /** The word used in rule files. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
