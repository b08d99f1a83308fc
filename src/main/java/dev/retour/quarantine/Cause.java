package dev.retour.quarantine;

import java.util.Locale;

/** What kind of evidence or act changed an address. */
public enum Cause {
  /** The other server's answer in our own SMTP session. */
  SMTP_REPLY,
  /** A bounce that was proved to be about a mail of ours. */
  BOUNCE,
  /** A complaint (RFC 5965) that was proved to be about a mail of ours. */
  COMPLAINT,
  /** A mail was accepted. */
  SENT,
  /** The daily clean-up. */
  CLEAN_UP,
  /** A person. */
  OPERATOR;

  /**
   * The cause with this label.
   *
   * @throws IllegalArgumentException when there is none
   */
  static Cause ofLabel(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** The word used in tables: {@code smtp-reply} … */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
