package dev.retour.mail;

import org.jspecify.annotations.Nullable;

/** Diagnostics as the rules want them: one line, no type prefix, bounded. */
final class DiagnosticText {
  private static final int MAX = 2_000;
  private static final int TELLING_LETTERS = 8;

  private static final String ANY_FAULT = "... service unavailable";

  private DiagnosticText() {}

  static String of(@Nullable String field) {
    return of(field, MAX);
  }

  /** {@code smtp; 550 5.1.1 …} without its type; one line of so many characters at most. */
  static String of(@Nullable String field, int max) {
    if (field == null) {
      return "";
    }
    String text = TextDecoder.words(field).strip();
    int semicolon = text.indexOf(';');
    if (semicolon > 0 && semicolon < 30 && isType(text, semicolon)) {
      text = text.substring(semicolon + 1);
    }
    return oneLine(text, max);
  }

  private static boolean isType(String text, int end) {
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (!(Character.isLetterOrDigit(c) || c == '-' || c == '_' || c == ' ' || c == '.')) {
        return false;
      }
    }
    return !Character.isDigit(text.charAt(0));
  }

  static String oneLine(String text) {
    return oneLine(text, MAX);
  }

  static String oneLine(String text, int max) {
    char[] line = new char[Math.min(text.length(), max)];
    int size = 0;
    boolean blank = true;
    for (int i = 0; i < text.length() && size < line.length; i++) {
      char c = text.charAt(i);
      boolean white = c < 127 ? c <= ' ' : isHidden(c);
      if (!white) {
        line[size++] = c;
      } else if (!blank) {
        line[size++] = ' ';
      }
      blank = white;
    }
    return new String(line, 0, size).stripTrailing();
  }

  /** White space, controls, and marks that turn the direction of what is shown behind them. */
  private static boolean isHidden(char c) {
    return Character.isWhitespace(c)
        || Character.isISOControl(c)
        || (c >= '\u202a' && c <= '\u202e')
        || (c >= '\u2066' && c <= '\u2069');
  }

  /** Whether it holds words beyond codes, the address itself and Sendmail's words for any fault. */
  static boolean isTelling(String text, EmailAddress about) {
    String key = about.key();
    int letters = 0;
    for (int i = 0; i < text.length() && letters < TELLING_LETTERS; i++) {
      if (text.regionMatches(true, i, key, 0, key.length())) {
        i += key.length() - 1;
      } else if (text.regionMatches(true, i, ANY_FAULT, 0, ANY_FAULT.length())) {
        i += ANY_FAULT.length() - 1;
      } else {
        letters += Character.isLetter(text.charAt(i)) ? 1 : 0;
      }
    }
    return letters >= TELLING_LETTERS;
  }
}
