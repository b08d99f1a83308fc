package dev.retour.mail;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds reply codes, enhanced status codes and host names in what servers and programs write. */
final class SmtpCodes {
  private static final List<String> BEFORE_HOST =
      List.of(
          "host ", "host: ", "talking to ", "server ", "server <", "generating server: ", "by ");
  private static final List<String> BEFORE_WRITER =
      List.of(
          "program at host ",
          "program at ",
          "mail system at host ",
          "generating server: ",
          "message from ",
          " at ");
  private static final int WRITER_LOOKED_AT = 1_000;

  private SmtpCodes() {}

  /** The first reply code of a failure, or null. */
  static @Nullable Integer reply(String text) {
    for (int i = 0; i + 2 < text.length(); i++) {
      char c = text.charAt(i);
      if ((c == '4' || c == '5')
          && text.charAt(i + 1) >= '0'
          && text.charAt(i + 1) <= '7'
          && isDigit(text, i + 2)
          && isReplyStart(text, i)
          && isReplyEnd(text, i + 3)) {
        return Integer.valueOf(text.substring(i, i + 3));
      }
    }
    return null;
  }

  /** Whether a line begins with the reply code of a failure and words behind it. */
  static boolean isAnswer(String line) {
    String answer = line.strip();
    return answer.length() > 8
        && (answer.charAt(0) == '4' || answer.charAt(0) == '5')
        && answer.charAt(1) >= '0'
        && answer.charAt(1) <= '7'
        && isDigit(answer, 2)
        && (answer.charAt(3) == ' ' || answer.charAt(3) == '-')
        && isReplyEnd(answer, 3);
  }

  private static boolean isReplyStart(String text, int i) {
    if (i == 0) {
      return true;
    }
    char before = text.charAt(i - 1);
    return " \t\n(<['\":#;=>".indexOf(before) >= 0
        && !(before == '[' && i + 3 < text.length() && text.charAt(i + 3) == '.');
  }

  private static boolean isReplyEnd(String text, int i) {
    if (i >= text.length()) {
      return true;
    }
    char after = text.charAt(i);
    if (after == ' ') { // "500 messages" is no answer, "550 5.1.1" and "550 user" are
      return !text.startsWith(" bytes", i)
          && !text.startsWith(" seconds", i)
          && !text.startsWith(" message", i)
          && !text.startsWith(" kb", i)
          && !text.startsWith(" mb", i);
    }
    return after == '-'
        || after == ':'
        || after == '\n'
        || after == ')'
        || after == ','
        || after == ']'
        || after == '>'
        || after == ';'
        || after == '\''
        || after == '"'
        || (after == '.' && !isDigit(text, i + 1));
  }

  /** The first enhanced status code of a failure, or null; {@code 5.0.0} only if there is none. */
  static @Nullable String status(String text) {
    String vague = null;
    int dot = text.indexOf('.');
    while (dot > 0) {
      String found = statusAt(text, dot - 1);
      if (found != null) {
        if (!found.endsWith(".0.0")) {
          return found;
        }
        vague = vague == null ? found : vague;
      }
      dot = text.indexOf('.', dot + 1);
    }
    return vague;
  }

  private static @Nullable String statusAt(String text, int start) {
    char first = text.charAt(start);
    if ((first != '4' && first != '5') || (start > 0 && !isStatusEdge(text.charAt(start - 1)))) {
      return null;
    }
    int second = digits(text, start + 2);
    if (second == start + 2 || second >= text.length() || text.charAt(second) != '.') {
      return null;
    }
    int third = digits(text, second + 1);
    boolean ends =
        third > second + 1
            && (third >= text.length()
                || !(Character.isLetter(text.charAt(third))
                    || (text.charAt(third) == '.' && isDigit(text, third + 1))));
    return ends ? text.substring(start, third) : null;
  }

  private static boolean isStatusEdge(char c) {
    return !Character.isLetterOrDigit(c) && c != '.' && c != '[' && c != '/';
  }

  private static int digits(String text, int from) {
    int end = from;
    while (end - from < 3 && isDigit(text, end)) {
      end++;
    }
    return isDigit(text, end) ? from : end;
  }

  private static boolean isDigit(String text, int i) {
    return i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9';
  }

  /** The remote host named in a diagnostic, lower case, or null. */
  static @Nullable String remoteHost(String text) {
    return hostBehind(text.toLowerCase(Locale.ROOT), BEFORE_HOST);
  }

  /** The host that says it wrote a notice, lower case, or null. */
  static @Nullable String writer(String text) {
    String start = text.length() > WRITER_LOOKED_AT ? text.substring(0, WRITER_LOOKED_AT) : text;
    return hostBehind(start.toLowerCase(Locale.ROOT), BEFORE_WRITER);
  }

  private static @Nullable String hostBehind(String text, List<String> cues) {
    for (String cue : cues) {
      int at = text.indexOf(cue);
      while (at >= 0) {
        boolean word = at == 0 || cue.charAt(0) == ' ' || !isHostChar(text.charAt(at - 1));
        String host = word ? hostAt(text, at + cue.length()) : null;
        if (host != null) {
          return host;
        }
        at = text.indexOf(cue, at + 1);
      }
    }
    return null;
  }

  private static @Nullable String hostAt(String text, int from) {
    int start = from;
    while (start < text.length() && " <".indexOf(text.charAt(start)) >= 0) {
      start++;
    }
    int end = start;
    while (end < text.length() && end - start < 255 && isHostChar(text.charAt(end))) {
      end++;
    }
    while (end > start && ".-".indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    if (end < text.length() && text.charAt(end) == '@') {
      return null;
    }
    String host = text.substring(start, end);
    int dot = host.lastIndexOf('.');
    boolean named = dot > 0 && host.length() - dot > 2 && Character.isLetter(host.charAt(dot + 1));
    return named ? host : null;
  }

  private static boolean isHostChar(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  }
}
