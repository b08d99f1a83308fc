package dev.retour.qualification;

/** The form in which failure texts and patterns meet: lower case, white space folded, bounded. */
final class Text {
  private Text() {}

  /**
   * Folds in one pass: each run of white space and control characters becomes one space.
   *
   * @param charsMax characters of the result at most; the rest is not read
   */
  static String fold(String raw, int charsMax) {
    StringBuilder folded = new StringBuilder(Math.min(raw.length(), charsMax));
    boolean space = true;
    for (int i = 0; i < raw.length() && folded.length() < charsMax; i++) {
      char c = raw.charAt(i);
      if (c <= ' ' || c == '\u00a0' || c == '\u3000' || Character.isISOControl(c)) {
        if (!space) {
          folded.append(' ');
        }
        space = true;
      } else {
        folded.append(lower(c));
        space = false;
      }
    }
    return folded.toString();
  }

  /** Lower-cases char by char, so that lengths stay and patterns and texts agree. */
  static char lower(char c) {
    if (c == '\u2019' || c == '\u2018') {
      return '\'';
    }
    return c < 128 ? (c >= 'A' && c <= 'Z' ? (char) (c + 32) : c) : Character.toLowerCase(c);
  }
}
