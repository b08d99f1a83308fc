package dev.retour.console;

import java.util.Locale;

/**
 * Makes texts of strangers safe to look at: what a browser would not show, or would show in another
 * order, is shown as its code point. Escaping for HTML is the template's job.
 */
final class VisibleText {
  private VisibleText() {}

  /**
   * The text with control characters, bidirectional controls and lone surrogates replaced by {@code
   * ⟨202E⟩}; line feeds and tabs stay.
   */
  static String of(String text) {
    int start = 0;
    while (start < text.length() && isPlain(text.charAt(start))) {
      start++;
    }
    if (start == text.length()) {
      return text;
    }
    StringBuilder visible = new StringBuilder(text.length() + 16).append(text, 0, start);
    for (int i = start; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      if (isHidden(codePoint)) {
        visible.append(String.format(Locale.ROOT, "⟨%04X⟩", codePoint));
      } else {
        visible.appendCodePoint(codePoint);
      }
      i += Character.charCount(codePoint);
    }
    return visible.toString();
  }

  /** The first {@code charactersMax} characters, with an ellipsis when there are more. */
  static String cut(String text, int charactersMax) {
    if (text.length() <= charactersMax) {
      return text;
    }
    int end =
        Character.isHighSurrogate(text.charAt(charactersMax - 1))
            ? charactersMax - 1
            : charactersMax;
    return text.substring(0, end) + "…";
  }

  private static boolean isPlain(char c) {
    return c == '\n' || c == '\t' || (c >= ' ' && c < 0x7F);
  }

  private static boolean isHidden(int codePoint) {
    if (codePoint == '\n' || codePoint == '\t') {
      return false;
    }
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          codePoint != ZERO_WIDTH_JOINER && codePoint != SOFT_HYPHEN;
      default -> false;
    };
  }

  /** Part of emoji and of Indic scripts; harmless for the order of the text. */
  private static final int ZERO_WIDTH_JOINER = 0x200D;

  private static final int SOFT_HYPHEN = 0xAD;
}
