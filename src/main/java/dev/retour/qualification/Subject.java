package dev.retour.qualification;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A diagnostic prepared for matching: folded once, codes read once.
 *
 * @param text folded and bounded
 * @param status the code that says most; empty when none
 * @param replyCode as three digits; empty when none
 * @param host lower case; empty when unknown
 * @param reportingMta lower case; empty when unknown
 */
record Subject(
    Source source,
    Phase phase,
    String text,
    String status,
    String replyCode,
    String host,
    String reportingMta) {

  /** Codes further into a text belong to advice and quoted mails, not to the answer. */
  private static final int CODES_WITHIN = 600;

  private static final int STATUS_WITHIN_WHEN_GIVEN = 200;

  static Subject of(Diagnostic diagnostic, int textCharsMax) {
    return of(diagnostic, Text.fold(diagnostic.text(), textCharsMax));
  }

  /** With names such as {@code MailboxFull} as words, for texts that say nothing otherwise. */
  static Subject spelledOut(Diagnostic diagnostic, int textCharsMax) {
    String words = Text.spelledOut(diagnostic.text(), textCharsMax);
    return of(diagnostic, Text.fold(words, textCharsMax));
  }

  private static Subject of(Diagnostic diagnostic, String folded) {
    String text = Text.withoutNames(Text.withoutRepeatedCodes(folded));
    Integer code =
        diagnostic.replyCode() != null
            ? diagnostic.replyCode()
            : Codes.replyCodeIn(text, CODES_WITHIN);
    String host = diagnostic.remoteHost();
    return new Subject(
        diagnostic.source(),
        diagnostic.phase(),
        text,
        status(diagnostic.status(), text),
        code == null ? "" : code.toString(),
        host == null ? hostIn(text) : host.toLowerCase(Locale.ROOT),
        diagnostic.reportingMta() == null
            ? ""
            : diagnostic.reportingMta().toLowerCase(Locale.ROOT));
  }

  /**
   * The refusing server's own code beats the one a relay wrote over it (4.4.7 over 4.2.2, or 5.1.1
   * over 5.7.1); a code that says nothing (5.0.0) beats only silence.
   */
  private static String status(@Nullable String given, String text) {
    String own = Codes.statusIn(text, given == null ? CODES_WITHIN : STATUS_WITHIN_WHEN_GIVEN);
    boolean ownSaysMore = own != null && !own.endsWith(".0.0");
    if (given == null || ownSaysMore) {
      return own == null ? "" : own;
    }
    String stripped = given.strip();
    int space = stripped.indexOf(' ');
    return space < 0 ? stripped : stripped.substring(0, space);
  }

  /** Postfix and Exim write "host mx.example.net[192.0.2.1] said". */
  private static String hostIn(String text) {
    int at = text.indexOf("host ");
    if (at < 0) {
      return "";
    }
    int from = at + 5;
    int to = from;
    while (to < text.length()
        && (Character.isLetterOrDigit(text.charAt(to)) || ".-_".indexOf(text.charAt(to)) >= 0)) {
      to++;
    }
    String name = text.substring(from, to);
    return name.indexOf('.') > 0 ? name : "";
  }
}
