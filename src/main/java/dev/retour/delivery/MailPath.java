package dev.retour.delivery;

import dev.retour.mail.DomainName;
import dev.retour.mail.EmailAddress;
import dev.retour.qualification.Phase;
import java.util.Optional;

/**
 * An address as it stands in MAIL and RCPT (RFC 5321 section 4.1.2, RFC 6531): checked so strictly
 * that nothing in it can end the path, let alone the command.
 *
 * @param local a dot-string or a quoted string
 * @param domain as A-labels, or an address literal
 */
record MailPath(String local, String domain) {
  static final MailPath NOBODY = new MailPath("", "");
  private static final String ATEXT = "!#$%&'*+-/=?^_`{|}~.";
  private static final int DELETE = 127;
  private static final int CHARS_MAX = 320;
  private static final int LOCAL_CHARS_MAX = 64;

  /**
   * @param address empty: the null path
   * @throws SmtpException a permanent failure when it cannot be an envelope address
   */
  static MailPath of(String address) throws SmtpException {
    if (address.isEmpty()) {
      return NOBODY;
    }
    int at = address.lastIndexOf('@');
    String local = at < 0 ? "" : address.substring(0, at);
    String host = address.substring(at + 1);
    // The local part is judged here, so that a quoted one may hold what ends an address elsewhere.
    Optional<EmailAddress> domain =
        host.codePoints().allMatch(MailPath::isHost)
            ? DomainName.ascii(host).flatMap(name -> EmailAddress.parse("x@" + name))
            : Optional.empty();
    boolean fits = address.length() <= CHARS_MAX && local.length() <= LOCAL_CHARS_MAX;
    if (!fits || domain.isEmpty() || !isLocal(local)) {
      throw new SmtpException(
          Phase.RCPT,
          553,
          "553 5.1.3 The address cannot be written in an SMTP command; nothing was sent.");
    }
    return new MailPath(local, domain.get().domain());
  }

  private static boolean isHost(int c) {
    return isLetterOrDigit(c) || "-_.[:]".indexOf(c) >= 0 || isBeyondAscii(c);
  }

  boolean isAscii() {
    return local.chars().allMatch(c -> c < DELETE);
  }

  /** With angle brackets. */
  String text() {
    return domain.isEmpty() ? "<>" : "<" + local + "@" + domain + ">";
  }

  /** Without them. */
  String address() {
    return local + "@" + domain;
  }

  private static boolean isLocal(String local) {
    return local.startsWith("\"")
        ? isQuoted(local)
        : !local.isEmpty() && local.codePoints().allMatch(MailPath::isAtom);
  }

  private static boolean isAtom(int c) {
    return isLetterOrDigit(c) || ATEXT.indexOf(c) >= 0 || isBeyondAscii(c);
  }

  private static boolean isLetterOrDigit(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static boolean isBeyondAscii(int c) {
    int type = Character.getType(c);
    return c > DELETE
        && !Character.isISOControl(c)
        && !Character.isWhitespace(c)
        && !Character.isSpaceChar(c)
        && type != Character.SURROGATE
        && type != Character.FORMAT
        && type != Character.UNASSIGNED;
  }

  private static boolean isQuoted(String local) {
    int last = local.length() - 1;
    if (last < 1 || local.charAt(last) != '"') {
      return false;
    }
    for (int i = 1; i < last; i++) {
      char c = local.charAt(i);
      if (c == '\\') {
        i++; // the pair
        if (i >= last) {
          return false;
        }
        c = local.charAt(i);
      } else if (c == '"') {
        return false;
      }
      if (c < ' ' || c >= DELETE) {
        return false;
      }
    }
    return true;
  }
}
