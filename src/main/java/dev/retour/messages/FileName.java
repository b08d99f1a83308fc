package dev.retour.messages;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;

/**
 * File names that are safe on the recipient's machine, whatever it runs and however its mail reader
 * decodes or converts them (CWE-22, CWE-1007).
 */
final class FileName {
  static final int CHARS_MAX = 100;
  static final String EXPECTED =
      "a file name of at most "
          + CHARS_MAX
          + " characters without folder, control or direction characters, not beginning with a dot";
  private static final String REFUSED = "/\\:*?\"<>|";

  /** Look like a separator of folders, or become one in another character set. */
  private static final String LIKE_SEPARATORS = "\u2044\u2215\u2216\u29f5\u29f8\u29f9";

  /** Devices of Windows, with any ending. */
  private static final Set<String> DEVICES =
      Set.of("con", "prn", "aux", "nul", "conin$", "conout$");

  /** Point, separators, colon, percent sign, and beginnings of overlong UTF-8. */
  private static final Set<String> PATH_CODES =
      Set.of("25", "2e", "2f", "3a", "5c", "7f", "c0", "c1");

  private FileName() {}

  static boolean isSafe(String name) {
    if (name.isBlank() || name.length() > CHARS_MAX) {
      return false;
    }
    // What looks the same may be made the same: a full-width solidus is a solidus then.
    String plain = Normalizer.normalize(name, Normalizer.Form.NFKC);
    return isPlain(name) && isPlain(plain) && !isDevice(plain) && !isEncoded(plain);
  }

  private static boolean isPlain(String name) {
    return name.equals(name.strip())
        && !name.startsWith(".")
        && !name.endsWith(".")
        && name.codePoints().allMatch(FileName::isSafe);
  }

  private static boolean isSafe(int c) {
    int type = Character.getType(c);
    // FORMAT holds the bidi overrides that make "fdp.exe" look like "exe.pdf".
    return type != Character.FORMAT
        && type != Character.CONTROL
        && type != Character.SURROGATE
        && type != Character.LINE_SEPARATOR
        && type != Character.PARAGRAPH_SEPARATOR
        && REFUSED.indexOf(c) < 0
        && LIKE_SEPARATORS.indexOf(c) < 0;
  }

  private static boolean isDevice(String name) {
    int dot = name.indexOf('.');
    String stem = (dot < 0 ? name : name.substring(0, dot)).strip().toLowerCase(Locale.ROOT);
    return DEVICES.contains(stem)
        || (stem.length() == 4
            && (stem.startsWith("com") || stem.startsWith("lpt"))
            && Character.isDigit(stem.charAt(3)));
  }

  /** Whether decoding it once more, as some readers do, makes a path of it. */
  private static boolean isEncoded(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (int i = lower.indexOf('%'); i >= 0; i = lower.indexOf('%', i + 1)) {
      String code = lower.substring(i + 1, Math.min(i + 3, lower.length()));
      boolean control = code.length() == 2 && "01".indexOf(code.charAt(0)) >= 0 && isHex(code);
      boolean overlong = code.equals("e0") && lower.startsWith("%8", i + 3);
      if (control || overlong || PATH_CODES.contains(code)) {
        return true;
      }
    }
    return name.contains("=?");
  }

  private static boolean isHex(String code) {
    return code.chars().allMatch(c -> Character.digit(c, 16) >= 0);
  }
}
