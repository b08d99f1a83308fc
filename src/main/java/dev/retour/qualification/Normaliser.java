package dev.retour.qualification;

import java.util.Set;

/**
 * Replaces what differs between two failures of one kind (spec B7): ids, dates, numbers, phone
 * numbers, IP addresses and host names become {@code #xxx#}, mail addresses become {@code *}. Reply
 * codes, enhanced status codes and short provider codes ({@code TSS04}) stay: they are the kind.
 */
public final class Normaliser {
  /** Input characters read, at most. */
  static final int CHARS_MAX = 1_000;

  private static final String VARIABLE = "#xxx#";
  private static final String ADDRESS = "*";
  private static final int ID_CHARS_MIN = 40;

  /** Characters that end a word but not an address on the web. */
  private static final String URL = "=;,|!";

  private static final Set<String> CALENDAR =
      Set.of(
          "mon", "tue", "wed", "thu", "fri", "sat", "sun", "jan", "feb", "mar", "apr", "may", "jun",
          "jul", "aug", "sep", "oct", "nov", "dec", "gmt", "utc", "am", "pm");

  /** First labels of Exchange's dotted error names, which look like host names and are none. */
  private static final Set<String> ERROR_NAMES =
      Set.of(
          "resolver",
          "storedrv",
          "queue",
          "routing",
          "agent",
          "smtpsend",
          "transport",
          "submission",
          "approval",
          "advanced",
          "mapi");

  private final String raw;
  private final StringBuilder out;
  private int wordEnd;

  private Normaliser(String raw) {
    this.raw = raw;
    this.out = new StringBuilder(Math.min(raw.length(), CHARS_MAX));
  }

  /** The key under which all texts of the same kind meet; at most 1,000 characters are read. */
  public static String normalise(String text) {
    return new Normaliser(text).run();
  }

  private String run() {
    int end = Math.min(raw.length(), CHARS_MAX);
    int at = 0;
    while (at < end) {
      char c = raw.charAt(at);
      if (isWord(c)) {
        int from = at;
        boolean url = raw.startsWith("http://", at) || raw.startsWith("https://", at);
        while (at < end && (isWord(raw.charAt(at)) || (url && URL.indexOf(raw.charAt(at)) >= 0))) {
          at++;
        }
        word(from, at);
      } else {
        separator(c);
        at++;
      }
    }
    return out.toString().strip();
  }

  private static boolean isWord(char c) {
    return c > ' ' && c != '\u00a0' && "<>()[]{}\"',;|=!`".indexOf(c) < 0;
  }

  private void separator(char c) {
    if (c > ' ' && c != '\u00a0') {
      out.append(c);
    } else if (out.length() > 0 && out.charAt(out.length() - 1) != ' ') {
      out.append(' ');
    }
  }

  private void word(int from, int to) {
    wordEnd = to;
    int start = from;
    int end = to;
    while (start < end && ".:-+#/?*".indexOf(raw.charAt(start)) >= 0) {
      start++;
    }
    while (end > start && ".:-?/#".indexOf(raw.charAt(end - 1)) >= 0) {
      end--;
    }
    int colon = start;
    while (colon < end && raw.charAt(colon) != ':') {
      colon++;
    }
    if (colon > start && colon < end - 1 && isPlain(start, colon) && raw.charAt(colon + 1) != '/') {
      out.append(raw, from, colon + 1);
      word(colon + 1, to);
      return;
    }
    String core = raw.substring(start, end);
    String replaced = core.isEmpty() ? core : replace(core);
    boolean variable = replaced.equals(VARIABLE);
    if (variable && joinsPreceding()) {
      return;
    }
    if (!variable) {
      out.append(raw, from, start);
    }
    out.append(replaced);
    if (!variable || (end < to && raw.charAt(end) != '-' && raw.charAt(end) != '/')) {
      out.append(raw, end, to);
    }
  }

  /** A date or a list of addresses is one variable part, however many words it has. */
  private boolean joinsPreceding() {
    int last = out.length();
    while (last > 0 && " ,:.-".indexOf(out.charAt(last - 1)) >= 0) {
      last--;
    }
    int from = last - VARIABLE.length();
    if (from < 0 || out.indexOf(VARIABLE, from) != from) {
      return false;
    }
    out.setLength(last);
    return true;
  }

  private String replace(String core) {
    int at = core.indexOf('@');
    if (at > 0 && at < core.length() - 1) {
      return ADDRESS;
    }
    if (core.contains("://") || core.startsWith("www.") || core.length() > ID_CHARS_MIN) {
      return VARIABLE;
    }
    boolean digit = false;
    for (int i = 0; i < core.length() && !digit; i++) {
      digit = core.charAt(i) >= '0' && core.charAt(i) <= '9';
    }
    if (digit) {
      return isCode(core) ? core : VARIABLE;
    }
    if (isHost(core)) {
      return VARIABLE;
    }
    return core.length() <= 3 && isCalendar(core) ? VARIABLE : core;
  }

  /** A reply code at the beginning, an enhanced status code anywhere, or a provider's own code. */
  private boolean isCode(String core) {
    String status = Codes.statusIn(core, core.length());
    if (status != null) {
      int before = core.length() - status.length();
      return before == 0 || (before == 4 && isReplyCode(core.substring(0, 3)));
    }
    if (isReplyCode(core)) {
      return out.length() == 0
          || out.lastIndexOf("said: ") == Math.max(0, out.length() - 6)
          || statusFollows();
    }
    int letters = 0;
    while (letters < core.length()
        && (isUpper(core.charAt(letters))
            || (letters > 0 && "_-".indexOf(core.charAt(letters)) >= 0))) {
      letters++;
    }
    int digits = core.length() - letters;
    for (int i = letters; i < core.length(); i++) {
      if (!Character.isDigit(core.charAt(i))) {
        return false;
      }
    }
    return letters > 0 && letters <= 6 && digits > 0 && digits <= 4;
  }

  /** Each line of a long answer begins with both codes. */
  private boolean statusFollows() {
    String next = raw.substring(wordEnd, Math.min(raw.length(), wordEnd + 10)).strip();
    String status = Codes.statusIn(next + " ", next.length() + 1);
    return status != null && next.startsWith(status);
  }

  private static boolean isReplyCode(String core) {
    return core.length() == 3
        && (core.charAt(0) == '4' || core.charAt(0) == '5')
        && core.charAt(1) >= '0'
        && core.charAt(1) <= '7';
  }

  private static boolean isUpper(char c) {
    return c >= 'A' && c <= 'Z';
  }

  private boolean isPlain(int from, int to) {
    for (int i = from; i < to; i++) {
      char c = raw.charAt(i);
      if (!Character.isLetter(c) && c != '-' && c != '_') {
        return false;
      }
    }
    return true;
  }

  private static boolean isHost(String core) {
    int dot = core.indexOf('.');
    int lastDot = core.lastIndexOf('.');
    if (dot <= 0 || core.length() - lastDot < 3) {
      return false;
    }
    for (int i = 0; i < core.length(); i++) {
      char c = core.charAt(i);
      if (!Character.isLetterOrDigit(c) && c != '.' && c != '-' && c != '_') {
        return false;
      }
    }
    return !ERROR_NAMES.contains(Text.fold(core.substring(0, dot), dot));
  }

  /** Names of days and months count only next to another variable part: "may" is also a verb. */
  private boolean isCalendar(String core) {
    return CALENDAR.contains(Text.fold(core, 3))
        && isUpper(core.charAt(0))
        && (out.indexOf(VARIABLE, Math.max(0, out.length() - 8)) >= 0 || startsDate(core));
  }

  private static boolean startsDate(String core) {
    return Set.of("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun").contains(core);
  }
}
