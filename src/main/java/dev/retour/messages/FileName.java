package dev.retour.messages;

/** File names that are safe on the recipient's machine. */
final class FileName {
  static final int CHARS_MAX = 100;
  static final String EXPECTED =
      "a file name of at most "
          + CHARS_MAX
          + " characters without folder, control or direction characters, not beginning with a dot";
  private static final String REFUSED = "/\\:*?\"<>|";

  private FileName() {}

  static boolean isSafe(String name) {
    return !name.isBlank()
        && name.equals(name.strip())
        && name.length() <= CHARS_MAX
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
        && REFUSED.indexOf(c) < 0;
  }
}
