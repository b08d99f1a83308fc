package dev.retour.qualification;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.List;

/**
 * One pattern of a rule, matched anywhere in a folded text in linear time (RE2).
 *
 * @param source as written in the rule file
 * @param compiled the pattern for lower-cased texts
 * @param alternatives the same pattern in parts, for quick answers
 */
record TextPattern(String source, Pattern compiled, List<Alternative> alternatives) {

  /**
   * Compiles a pattern.
   *
   * @throws PatternSyntaxException when RE2J cannot run it (look-around, back references …)
   */
  static TextPattern compile(String source) {
    String lowered = lower(source);
    return new TextPattern(source, Pattern.compile(lowered), Alternative.of(lowered));
  }

  boolean find(String folded) {
    for (Alternative alternative : alternatives) {
      if (find(alternative, folded)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a text holds one of the alternatives; any of them where RE2J must be asked. */
  boolean find(Alternative alternative, String folded) {
    LazyDfa quick = alternative.automaton();
    return quick == null ? findByRe2(folded) : quick.find(folded);
  }

  /** What {@link #find} is held to. */
  boolean findByRe2(String folded) {
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
