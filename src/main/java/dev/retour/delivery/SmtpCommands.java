package dev.retour.delivery;

import dev.retour.qualification.Phase;

/**
 * The commands a mail begins with, and their parameters: SIZE (RFC 1870), 8BITMIME (RFC 6152),
 * SMTPUTF8 (RFC 6531) and DSN (RFC 3461), as far as the server offers them.
 *
 * @param reference what delivery reports name the mail by; empty: nothing
 */
record SmtpCommands(
    Relay relay,
    SmtpExtensions offered,
    MailPath from,
    MailPath recipient,
    String reference,
    MailOctets octets) {
  static final int SIZE_EXCEEDED = 552;

  /** MAIL with what the server offers and the mail needs. */
  String mail() {
    StringBuilder command = new StringBuilder(160).append("MAIL FROM:").append(from.text());
    if (offered.has("SIZE")) {
      command.append(" SIZE=").append(octets.size());
    }
    if (octets.isEightBit()) {
      command.append(" BODY=8BITMIME");
    }
    if (needsUtf8()) {
      command.append(" SMTPUTF8");
    }
    if (asksForReports()) {
      command.append(" RET=HDRS");
      if (!reference.isEmpty()) {
        command.append(" ENVID=").append(Xtext.of(reference));
      }
    }
    return command.toString();
  }

  /** RCPT. */
  String rcpt() {
    String command = "RCPT TO:" + recipient.text();
    if (!asksForReports()) {
      return command;
    }
    boolean arrivals = relay.terms().dsn() == Relay.Dsn.SUCCESS;
    return command
        + (arrivals ? " NOTIFY=SUCCESS,FAILURE" : " NOTIFY=FAILURE")
        + (recipient.isAscii() ? " ORCPT=rfc822;" + Xtext.of(recipient.address()) : "");
  }

  private boolean asksForReports() {
    return relay.terms().dsn() != Relay.Dsn.DEFAULT && offered.has("DSN");
  }

  private boolean needsUtf8() {
    return !from.isAscii() || !recipient.isAscii() || octets.hasEightBitHeader();
  }

  /**
   * What the mail needs must be offered.
   *
   * @throws SmtpException a permanent failure when this mail cannot go over this session at all
   */
  void requireOffered() throws SmtpException {
    String server = relay.describe();
    if (needsUtf8() && !offered.has("SMTPUTF8")) {
      throw new SmtpException(
          Phase.DATA,
          553,
          "553 5.6.7 The address or a header field is not ASCII and "
              + server
              + " does not offer SMTPUTF8 (RFC 6531); nothing was sent.");
    }
    if (octets.isEightBit() && !offered.has("8BITMIME")) {
      throw new SmtpException(
          Phase.DATA,
          554,
          "554 5.6.3 The mail is not in 7 bits and "
              + server
              + " does not offer 8BITMIME (RFC 6152); nothing was sent.");
    }
    if (offered.sizeMax() > 0 && octets.size() > offered.sizeMax()) {
      throw new SmtpException(
          Phase.DATA,
          SIZE_EXCEEDED,
          "552 5.3.4 The mail has "
              + octets.size()
              + " bytes and "
              + server
              + " takes at most "
              + offered.sizeMax()
              + " (SIZE, RFC 1870); nothing was sent.");
    }
  }
}
