package dev.retour.qualification;

import org.jspecify.annotations.Nullable;

/** Reads SMTP reply codes and enhanced status codes out of texts, and compares them with masks. */
final class Codes {
  private Codes() {}

  /** The first enhanced status code (RFC 3463) within the first {@code charsMax}, or null. */
  static @Nullable String statusIn(String text, int charsMax) {
    int end = Math.min(text.length(), charsMax);
    for (int i = 0; i + 4 < end; i++) {
      char c = text.charAt(i);
      if ((c == '2' || c == '4' || c == '5')
          && text.charAt(i + 1) == '.'
          && (i == 0 || startsHere(text.charAt(i - 1)))) {
        int second = digitsFrom(text, i + 2);
        int third =
            second > 0 && charAt(text, i + 2 + second) == '.'
                ? digitsFrom(text, i + 3 + second)
                : 0;
        int last = i + 3 + second + third;
        boolean address = charAt(text, last) == '.' && Character.isDigit(charAt(text, last + 1));
        if (third > 0 && !address) {
          return text.substring(i, last);
        }
      }
    }
    return null;
  }

  /** The first SMTP reply code of class 4 or 5 that stands where servers write it, or null. */
  static @Nullable Integer replyCodeIn(String text, int charsMax) {
    int end = Math.min(text.length(), charsMax) - 2;
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if ((c == '4' || c == '5')
          && text.charAt(i + 1) >= '0'
          && text.charAt(i + 1) <= '5'
          && Character.isDigit(text.charAt(i + 2))
          && (i == 0 || " :;'\"(#>".indexOf(text.charAt(i - 1)) >= 0)
          && (i + 3 == text.length() || " -:;'\"".indexOf(text.charAt(i + 3)) >= 0)) {
        return Integer.valueOf(text.substring(i, i + 3));
      }
    }
    return null;
  }

  /** Whether a code fits a mask in which {@code x} stands for any number or digit. */
  static boolean fits(String mask, String code) {
    if (mask.indexOf('.') < 0) {
      for (int i = 0; i < mask.length(); i++) {
        if (i >= code.length() || (mask.charAt(i) != 'x' && mask.charAt(i) != code.charAt(i))) {
          return false;
        }
      }
      return mask.length() == code.length();
    }
    int m = 0;
    int c = 0;
    while (true) {
      int maskEnd = partEnd(mask, m);
      int codeEnd = partEnd(code, c);
      boolean any = maskEnd - m == 1 && mask.charAt(m) == 'x';
      boolean same = maskEnd - m == codeEnd - c && mask.regionMatches(m, code, c, codeEnd - c);
      if (!any && !same) {
        return false;
      }
      if (maskEnd == mask.length() || codeEnd == code.length()) {
        return maskEnd == mask.length() && codeEnd == code.length();
      }
      m = maskEnd + 1;
      c = codeEnd + 1;
    }
  }

  private static int partEnd(String code, int from) {
    int dot = code.indexOf('.', from);
    return dot < 0 ? code.length() : dot;
  }

  private static boolean startsHere(char before) {
    return !Character.isLetterOrDigit(before) && before != '.' && before != '_';
  }

  private static int digitsFrom(String text, int at) {
    int count = 0;
    while (count < 4 && Character.isDigit(charAt(text, at + count))) {
      count++;
    }
    return count < 4 ? count : 0;
  }

  private static char charAt(String text, int at) {
    return at < text.length() ? text.charAt(at) : ' ';
  }
}
