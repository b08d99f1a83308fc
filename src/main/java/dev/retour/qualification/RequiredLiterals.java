package dev.retour.qualification;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds words without which a pattern cannot match, so that most rules need not be tried.
 *
 * <p>Deliberately timid: it reads plain characters outside groups and gives up on everything it
 * does not fully understand. A literal that is not provably required would silently lose matches.
 */
final class RequiredLiterals {
  private static final int CHARS_MIN = 3;
  private static final String META = ".[](){}*+?|^$\\";

  private final String pattern;
  private final List<String> alternatives = new ArrayList<>();
  private final StringBuilder run = new StringBuilder();
  private String best = "";

  private RequiredLiterals(String pattern) {
    this.pattern = pattern;
  }

  /**
   * One literal for each alternative of the outermost level.
   *
   * @return at least one of these occurs in every match; empty when that cannot be proved
   */
  static List<String> of(String pattern) {
    return new RequiredLiterals(pattern).read();
  }

  private List<String> read() {
    int at = 0;
    while (at < pattern.length()) {
      char c = pattern.charAt(at);
      if (c == '|') {
        endAlternative();
        at++;
      } else if (c == '(' || c == '[') {
        endRun();
        at = afterQuantifier(c == '(' ? afterGroup(at) : afterClass(at));
      } else if (c == '\\') {
        at = escape(at);
      } else if (META.indexOf(c) >= 0) {
        endRun();
        at++;
      } else {
        at = literal(c, at + 1);
      }
      if (at < 0) {
        return List.of();
      }
    }
    endAlternative();
    return alternatives.stream().allMatch(word -> word.length() >= CHARS_MIN)
        ? List.copyOf(alternatives)
        : List.of();
  }

  private int escape(int at) {
    if (at + 1 >= pattern.length()) {
      return -1;
    }
    char escaped = pattern.charAt(at + 1);
    if (!Character.isLetterOrDigit(escaped)) {
      return literal(escaped, at + 2);
    }
    if ("bBdDsSwW".indexOf(escaped) < 0) {
      return -1;
    }
    endRun();
    return afterQuantifier(at + 2);
  }

  /** A literal character is required unless a quantifier behind it allows none of it. */
  private int literal(char c, int next) {
    int after = afterQuantifier(next);
    if (after == next) {
      run.append(c);
    } else if (pattern.charAt(next) == '+') {
      run.append(c);
      endRun();
    } else {
      endRun();
    }
    return after;
  }

  private int afterQuantifier(int at) {
    if (at < 0 || at >= pattern.length()) {
      return at;
    }
    int next = at;
    char c = pattern.charAt(at);
    if (c == '?' || c == '*' || c == '+') {
      next = at + 1;
    } else if (c == '{') {
      int end = pattern.indexOf('}', at);
      next = end < 0 ? pattern.length() : end + 1;
    }
    boolean lazy = next > at && next < pattern.length() && pattern.charAt(next) == '?';
    return lazy ? next + 1 : next;
  }

  private int afterGroup(int at) {
    int depth = 0;
    for (int i = at; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '[') {
        i = afterClass(i) - 1;
        if (i < 0) {
          return -1;
        }
      } else if (c == '(') {
        depth++;
      } else if (c == ')' && --depth == 0) {
        return i + 1;
      }
    }
    return -1;
  }

  private int afterClass(int at) {
    int i = at + 1;
    if (i < pattern.length() && pattern.charAt(i) == '^') {
      i++;
    }
    if (i < pattern.length() && pattern.charAt(i) == ']') {
      i++;
    }
    for (; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '[') {
        return -1; // a POSIX class such as [[:alpha:]]: not understood
      } else if (c == ']') {
        return i + 1;
      }
    }
    return -1;
  }

  private void endRun() {
    if (run.length() > best.length()) {
      best = run.toString();
    }
    run.setLength(0);
  }

  private void endAlternative() {
    endRun();
    alternatives.add(best);
    best = "";
  }
}
