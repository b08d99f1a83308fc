package dev.retour.qualification;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * One pattern of a rule, matched anywhere in a folded text in linear time (RE2).
 *
 * @param source as written in the rule file
 * @param compiled the pattern for lower-cased texts
 * @param required what a text must contain to match at all
 * @param automaton the same pattern for quick answers
 */
record TextPattern(
    String source, Pattern compiled, RequiredLiterals.Found required, OnDemand automaton) {

  /**
   * Compiles a pattern.
   *
   * @throws PatternSyntaxException when RE2J cannot run it (look-around, back references …)
   */
  static TextPattern compile(String source) {
    String lowered = lower(source);
    return new TextPattern(
        source, Pattern.compile(lowered), RequiredLiterals.of(lowered), new OnDemand(lowered));
  }

  boolean find(String folded) {
    LazyDfa quick = automaton.get();
    return quick == null ? findByRe2(folded) : quick.find(folded);
  }

  /** What {@link #find} is held to. */
  boolean findByRe2(String folded) {
    return compiled.matcher(folded).find();
  }

  /** Built when first asked for: most patterns of a rule set are never run. */
  static final class OnDemand {
    private final String pattern;
    private volatile boolean built;
    private volatile @Nullable LazyDfa automaton;

    OnDemand(String pattern) {
      this.pattern = pattern;
    }

    /** Null when RE2J has to run the pattern. */
    @Nullable LazyDfa get() {
      if (!built) {
        automaton = LazyDfa.of(pattern);
        built = true;
      }
      return automaton;
    }
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
