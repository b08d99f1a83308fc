package dev.retour.qualification;

import java.util.Locale;

/** The step of the SMTP session (RFC 5321) that failed, or a later report about it. */
public enum Phase {
  CONNECT,
  EHLO,
  AUTH,
  MAIL,
  RCPT,
  DATA,
  BODY,
  REPORT;

  /** The word used in rule files. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
