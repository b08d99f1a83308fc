package dev.retour.messages;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;

/** Whether a text is one plain mail address (addr-spec of RFC 5322 within RFC 5321 4.5.3.1). */
final class AddressFormat {
  static final int CHARS_MAX = 254;
  private static final int LOCAL_CHARS_MAX = 64;

  private AddressFormat() {}

  static boolean isValid(String text) {
    int at = text.lastIndexOf('@');
    if (at < 1 || at > LOCAL_CHARS_MAX || text.length() > CHARS_MAX) {
      return false;
    }
    // A name, a quoted or a non-ASCII local part would need more than a plain RCPT TO.
    if (!text.chars().allMatch(c -> c > ' ' && c < 127 && "<>()[],;:\\\"".indexOf(c) < 0)) {
      return false;
    }
    String domain = text.substring(at + 1);
    if (domain.indexOf('.') < 1 || domain.endsWith(".")) {
      return false;
    }
    try {
      new InternetAddress(text, true).validate();
      return true;
    } catch (AddressException e) {
      return false;
    }
  }
}
