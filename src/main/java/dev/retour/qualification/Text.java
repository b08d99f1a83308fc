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
    char[] folded = new char[Math.min(raw.length(), charsMax)];
    int size = 0;
    boolean space = true;
    for (int i = 0; i < raw.length() && size < folded.length; i++) {
      char c = raw.charAt(i);
      boolean white =
          c < 127 ? c <= ' ' : c == '\u00a0' || c == '\u3000' || Character.isISOControl(c);
      if (!white) {
        folded[size++] = lower(c);
      } else if (!space) {
        folded[size++] = ' ';
      }
      space = white;
    }
    return new String(folded, 0, size);
  }

  /** Lower-cases char by char, so that lengths stay and patterns and texts agree. */
  static char lower(char c) {
    if (c == '\u2019' || c == '\u2018') {
      return '\'';
    }
    if (c < 128) {
      return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
    }
    boolean caseless = (c >= '\u3000' && c < '\ua640') || (c >= '\uac00' && c < '\ue000');
    return caseless ? c : Character.toLowerCase(c);
  }
}
