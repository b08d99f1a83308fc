package dev.retour.qualification;

import java.util.Set;

/** The form in which failure texts and patterns meet: lower case, white space folded, bounded. */
final class Text {
  private static final String NAME = "a";
  private static final int LOCAL_MAX = 64;
  private static final int CODE_WITHIN = 300;
  private static final Set<String> DESKS = Set.of("tosa", "abuse_rbl");

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

  /**
   * A folded text with {@code a} for what stands before the at sign of each address: a person named
   * {@code unknown.user@} says nothing about the fault. Desks of providers stay, as rules know
   * them.
   */
  static String withoutNames(String folded) {
    int at = folded.indexOf('@');
    if (at < 0) {
      return folded;
    }
    StringBuilder bare = new StringBuilder(folded.length());
    int from = 0;
    while (at >= 0) {
      int start = localStart(folded, from, at);
      String local = folded.substring(start, at);
      bare.append(folded, from, start);
      bare.append(local.length() < 2 || DESKS.contains(local) ? local : NAME);
      from = at;
      at = folded.indexOf('@', at + 1);
    }
    return bare.append(folded, from, folded.length()).toString();
  }

  /**
   * A folded answer of several lines without the code that each further line repeats, as words of
   * one phrase may stand on two lines: {@code 550-the user is 550 not known}.
   */
  static String withoutRepeatedCodes(String folded) {
    int first = 0;
    while (first >= 0 && !isContinued(folded, first)) {
      first = folded.indexOf(' ', first) + 1;
      first = first == 0 || first > CODE_WITHIN ? -1 : first;
    }
    if (first < 0) {
      return folded;
    }
    String code = " " + folded.substring(first, first + 3);
    StringBuilder joined = new StringBuilder(folded.length());
    int from = 0;
    for (int at = folded.indexOf(code, first);
        at >= 0;
        at = folded.indexOf(code, Math.max(from, at + 1))) {
      int end = at + code.length();
      if (end < folded.length() && (folded.charAt(end) == '-' || folded.charAt(end) == ' ')) {
        joined.append(folded, from, at).append(' ');
        from = behindStatus(folded, end + 1);
      }
    }
    return from == 0 ? folded : joined.append(folded, from, folded.length()).toString();
  }

  /** Whether a reply code begins there that says that more lines follow: {@code 550-}. */
  private static boolean isContinued(String text, int at) {
    return at + 4 < text.length()
        && (text.charAt(at) == '4' || text.charAt(at) == '5')
        && isDigit(text.charAt(at + 1))
        && isDigit(text.charAt(at + 2))
        && text.charAt(at + 3) == '-';
  }

  private static int behindStatus(String text, int at) {
    int end = at;
    while (end < text.length() && (isDigit(text.charAt(end)) || text.charAt(end) == '.')) {
      end++;
    }
    boolean status = end - at >= 5 && end < text.length() && text.charAt(end) == ' ';
    return status ? end + 1 : at;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static int localStart(String folded, int from, int at) {
    int start = at;
    int least = Math.max(from, at - LOCAL_MAX);
    while (start > least && isLocal(folded.charAt(start - 1))) {
      start--;
    }
    boolean code = // 550-a@example.org
        at - start > 4
            && folded.charAt(start + 3) == '-'
            && Character.isDigit(folded.charAt(start))
            && Character.isDigit(folded.charAt(start + 1))
            && Character.isDigit(folded.charAt(start + 2));
    return code ? start + 4 : start;
  }

  private static boolean isLocal(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "._%+-".indexOf(c) >= 0;
  }

  /**
   * The words in the names that programs give to faults: {@code MailboxFull}, {@code no-such-user},
   * {@code recipient_unknown}. What holds a dot, an at sign or a digit is no such name.
   *
   * @return the text with those names as words
   */
  static String spelledOut(String raw, int charsMax) {
    int most = Math.min(raw.length(), charsMax);
    StringBuilder words = new StringBuilder(most + 16);
    for (int from = 0; from < most; ) {
      int to = from;
      boolean name = true;
      while (to < most && raw.charAt(to) > ' ') {
        char c = raw.charAt(to++);
        name &= c != '@' && (c != '.' || to == most || raw.charAt(to) <= ' ');
      }
      for (int i = from; i < to; i++) {
        spell(raw, i, name && i > from && i + 1 < to, words);
      }
      words.append(to < most ? " " : "");
      from = to + 1;
    }
    return words.toString();
  }

  private static void spell(String raw, int at, boolean inside, StringBuilder words) {
    char c = raw.charAt(at);
    if (inside && Character.isLetter(raw.charAt(at - 1))) {
      boolean hump = c >= 'A' && c <= 'Z' && Character.isLowerCase(raw.charAt(at - 1));
      boolean joint = (c == '_' || c == '-') && Character.isLetter(raw.charAt(at + 1));
      words.append(hump || joint ? " " : "");
      if (joint) {
        return;
      }
    }
    words.append(c);
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
