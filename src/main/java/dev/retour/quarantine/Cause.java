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
  /** The owner unsubscribed (RFC 5965 {@code opt-out}), by a mail about one of ours. */
  OPT_OUT,
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

  /** Whether the owner of the address wants no more mail; how lasting a failure is says nothing. */
  boolean isOwnersWish() {
    return this == COMPLAINT || this == OPT_OUT;
  }

  /** The word used in tables: {@code smtp-reply} … */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
