package dev.retour.mail;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Names of header fields, straight from the bytes: a name that occurs in most mails is never made
 * anew, and fields nobody asks for are told before anything is made of them.
 */
final class FieldNames {
  private static final int SLOTS = 1 << 10;

  private static final List<String> FREQUENT =
      List.of(
          "received",
          "return-path",
          "delivered-to",
          "date",
          "from",
          "to",
          "cc",
          "subject",
          "sender",
          "reply-to",
          "message-id",
          "in-reply-to",
          "references",
          "mime-version",
          "content-type",
          "content-transfer-encoding",
          "content-disposition",
          "content-description",
          "auto-submitted",
          "precedence",
          "x-failed-recipients",
          "x-mailer",
          "x-original-to",
          "x-envelope-to",
          "envelope-to",
          "list-id",
          "list-unsubscribe");

  /** Traces and signatures: the most and the longest fields of most mails. */
  private static final List<String> UNASKED =
      List.of(
          "received-spf",
          "x-received",
          "dkim-signature",
          "domainkey-signature",
          "authentication-results",
          "x-gm-message-state");

  private static final List<String> UNASKED_BEGINNINGS =
      List.of("arc-", "x-google-", "x-ms-exchange-", "x-microsoft-antispam", "x-forefront-");

  private static final String[] KNOWN = new String[SLOTS];

  static {
    FREQUENT.forEach(FieldNames::keep);
    UNASKED.forEach(FieldNames::keep);
  }

  private FieldNames() {}

  private static void keep(String name) {
    int hash = 0;
    for (int i = 0; i < name.length(); i++) {
      hash = hash * 31 + name.charAt(i);
    }
    int slot = slot(hash);
    while (KNOWN[slot] != null) {
      slot = (slot + 1) % SLOTS;
    }
    KNOWN[slot] = name;
  }

  private static int slot(int hash) {
    return (hash * 0x9e3779b1) >>> 22; // the upper 10 bits
  }

  /**
   * The name in lower case when this is a field (RFC 5322 section 2.2, with blanks before the colon
   * as in 4.5) that somebody may ask for, else null.
   *
   * @param size bytes of {@code raw} that are the field
   */
  static @Nullable String asked(byte[] raw, int size) {
    int end = 0;
    int hash = 0;
    while (end < size && raw[end] > ' ' && raw[end] < 127) {
      int letter = lower(raw[end]);
      if (letter == ':') {
        break;
      }
      hash = hash * 31 + letter;
      end++;
    }
    int colon = end;
    while (colon < size && (raw[colon] == ' ' || raw[colon] == '\t')) {
      colon++;
    }
    if (end == 0 || colon >= size || raw[colon] != ':') {
      return null;
    }
    String name = named(raw, end, hash);
    return isUnasked(name) ? null : name;
  }

  private static String named(byte[] raw, int end, int hash) {
    for (int slot = slot(hash); KNOWN[slot] != null; slot = (slot + 1) % SLOTS) {
      if (is(KNOWN[slot], raw, end)) {
        return KNOWN[slot];
      }
    }
    byte[] name = new byte[end];
    for (int i = 0; i < end; i++) {
      name[i] = (byte) lower(raw[i]);
    }
    return new String(name, StandardCharsets.US_ASCII);
  }

  private static boolean is(String known, byte[] raw, int end) {
    if (known.length() != end) {
      return false;
    }
    for (int i = 0; i < end; i++) {
      if (known.charAt(i) != lower(raw[i])) {
        return false;
      }
    }
    return true;
  }

  private static int lower(byte letter) {
    return letter >= 'A' && letter <= 'Z' ? letter + 32 : letter;
  }

  private static boolean isUnasked(String name) {
    char first = name.charAt(0);
    if (first != 'x' && first != 'a' && first != 'd' && first != 'r') {
      return false;
    }
    for (String unasked : UNASKED) {
      if (name.equals(unasked)) {
        return true;
      }
    }
    for (String beginning : UNASKED_BEGINNINGS) {
      if (name.startsWith(beginning)) {
        return true;
      }
    }
    return false;
  }

  /** In lower case, without making a known name anew. */
  static String lower(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c <= ' ' || c > 126 || (c >= 'A' && c <= 'Z')) {
        return name.toLowerCase(Locale.ROOT).strip();
      }
    }
    return name;
  }
}
