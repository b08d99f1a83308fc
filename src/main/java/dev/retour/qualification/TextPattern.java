package dev.retour.qualification;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * One pattern of a rule, matched anywhere in a folded text in linear time (RE2).
 *
 * @param source as written in the rule file
 * @param compiled the pattern for lower-cased texts
 * @param required what a text must contain to match at all
 */
record TextPattern(String source, Pattern compiled, RequiredLiterals.Found required) {

  /**
   * Compiles a pattern.
   *
   * @throws PatternSyntaxException when RE2J cannot run it (look-around, back references …)
   */
  static TextPattern compile(String source) {
    String lowered = lower(source);
    return new TextPattern(source, Pattern.compile(lowered), RequiredLiterals.of(lowered));
  }

  boolean find(String folded) {
    return compiled.matcher(folded).find();
  }

  /** Lower-cases what is literal and leaves escapes such as {@code \S} and {@code \P{L}} alone. */
  private static String lower(String source) {
    StringBuilder lowered = new StringBuilder(source.length());
    for (int i = 0; i < source.length(); i++) {
      char c = source.charAt(i);
      if (c == '\\' && i + 1 < source.length()) {
        char escape = source.charAt(++i);
        lowered.append(c).append(escape);
        if ((escape == 'p' || escape == 'P') && source.startsWith("{", i + 1)) {
          int end = source.indexOf('}', i);
          end = end < 0 ? source.length() - 1 : end;
          lowered.append(source, i + 1, end + 1);
          i = end;
        }
      } else {
        lowered.append(Text.lower(c));
      }
    }
    return lowered.toString();
  }
}
