package dev.retour.delivery;

import dev.retour.qualification.Phase;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Sends every mail to one address instead of its recipient, for tests. The work package keeps its
 * recipient; the mail says in its subject whom it was for. What comes of it says nothing about the
 * recipient: its envelope sender names no package, and a refusal is not held against the address.
 *
 * @param to the one address
 */
record TestRedirect(String to) {
  private static final byte[] SUBJECT = "subject:".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DKIM = "dkim-signature:".getBytes(StandardCharsets.US_ASCII);

  static boolean isAddress(String text) {
    try {
      return !MailPath.of(text).equals(MailPath.NOBODY);
    } catch (SmtpException e) {
      return false;
    }
  }

  /** Where the mail really goes. */
  String domain() throws SmtpException {
    return MailPath.of(to).domain();
  }

  Envelope envelope(List<Relay> relays, String returnPathDomain) {
    return new Envelope("bounce@" + returnPathDomain, to, "", relays, Envelope.Purpose.REDIRECT);
  }

  /**
   * The mail with its recipient in the subject. Without DKIM signatures: they cover the subject.
   *
   * @throws SmtpException when the recipient cannot be an envelope address
   */
  MailContentStore.Content rewritten(MailContentStore.Content content, String recipient)
      throws SmtpException {
    String shown = ascii(MailPath.of(recipient).address());
    byte[] raw = content.raw();
    ByteArrayOutputStream out = new ByteArrayOutputStream(raw.length + 200);
    ascii(out, "X-Retour-Original-Recipient: " + shown + "\r\n");
    boolean found = false;
    int at = 0;
    while (at < raw.length && raw[at] != '\r') {
      int end = fieldEnd(raw, at);
      if (begins(raw, at, SUBJECT)) {
        found = true;
        ascii(out, prefix(shown) + "\r\n ");
        int value = Math.min(end, at + SUBJECT.length);
        out.write(raw, value, end - value);
      } else if (!begins(raw, at, DKIM)) {
        out.write(raw, at, end - at);
      }
      at = end;
    }
    if (!found) {
      ascii(out, prefix(shown) + "\r\n");
    }
    out.write(raw, at, raw.length - at);
    return new MailContentStore.Content(content.messageId(), out.toByteArray());
  }

  /** The same fault, moved to where it touches no address: the mail waits. */
  static SmtpException notAboutTheRecipient(SmtpException fault) {
    return new SmtpException(
        Phase.MAIL,
        fault.replyCode(),
        fault.getMessage() + " (redirected by delivery.redirect-to or a domain rule)",
        fault);
  }

  private static String prefix(String shown) {
    return "Subject: [Retour test: to " + shown + "]";
  }

  /** Behind the line end of the field, its folded lines included. */
  private static int fieldEnd(byte[] raw, int from) {
    int at = from;
    while (at < raw.length) {
      if (raw[at++] == '\n' && (at == raw.length || (raw[at] != ' ' && raw[at] != '\t'))) {
        return at;
      }
    }
    return at;
  }

  private static boolean begins(byte[] raw, int at, byte[] name) {
    for (int i = 0; i < name.length; i++) {
      if (at + i >= raw.length || Character.toLowerCase(raw[at + i]) != name[i]) {
        return false;
      }
    }
    return true;
  }

  private static String ascii(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    text.codePoints().forEach(c -> shown.appendCodePoint(c > ' ' && c < 127 ? c : '?'));
    return shown.toString();
  }

  private static void ascii(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }
}
