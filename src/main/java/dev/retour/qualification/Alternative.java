package dev.retour.qualification;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One of the alternatives a pattern consists of ({@code no such user|mailbox .* full}): a text
 * holds the pattern when it holds any of them. Apart they need far rarer words than together, and
 * those that are nothing but words need no automaton at all.
 */
final class Alternative {
  /** Escapes that mean one character or a place, and no stretch of the pattern. */
  private static final String PLAIN_ESCAPES = "bdDsSwW";

  private final String pattern;
  private final RequiredLiterals.Found required;
  private volatile boolean built;
  private volatile @Nullable LazyDfa automaton;

  private Alternative(String pattern, RequiredLiterals.Found required) {
    this.pattern = pattern;
    this.required = required;
  }

  /** The alternatives of a lower-cased pattern, those of one kind together. */
  static List<Alternative> of(String pattern) {
    List<Alternative> all = new ArrayList<>();
    Set<String> words = new LinkedHashSet<>();
    List<String> certain = new ArrayList<>();
    List<String> unprovable = new ArrayList<>();
    for (String part : split(pattern)) {
      RequiredLiterals.Found required = RequiredLiterals.of(part);
      if (required.certain()) {
        certain.add(part);
        words.addAll(required.sets().get(0));
      } else if (required.sets().isEmpty()) {
        unprovable.add(part);
      } else {
        all.add(new Alternative(part, required));
      }
    }
    if (!certain.isEmpty()) {
      all.add(0, new Alternative(join(certain), new RequiredLiterals.Found(List.of(words), true)));
    }
    if (!unprovable.isEmpty()) {
      all.add(new Alternative(join(unprovable), new RequiredLiterals.Found(List.of(), false)));
    }
    return List.copyOf(all);
  }

  private static String join(List<String> parts) {
    return String.join("|", parts);
  }

  /** Parts a pattern where its outermost bars are; not at all if anything in it is unusual. */
  private static List<String> split(String pattern) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '\\') {
        i++;
        if (i == pattern.length() || !isPlainEscape(pattern.charAt(i))) {
          return List.of(pattern);
        }
      } else if (c == '[') {
        i = endOfClass(pattern, i + 1);
        if (i < 0) {
          return List.of(pattern);
        }
      } else if (c == '(') {
        depth++;
        if (pattern.startsWith("?", i + 1) && !pattern.startsWith("?:", i + 1)) {
          return List.of(pattern);
        }
      } else if (c == ')') {
        depth--;
      } else if (c == '|' && depth == 0) {
        parts.add(pattern.substring(from, i));
        from = i + 1;
      }
    }
    parts.add(pattern.substring(from));
    return depth == 0 ? parts : List.of(pattern);
  }

  private static boolean isPlainEscape(char c) {
    return !Character.isLetterOrDigit(c) || PLAIN_ESCAPES.indexOf(c) >= 0;
  }

  /** Where a class of characters ends, or negative when that is not obvious. */
  private static int endOfClass(String pattern, int from) {
    for (int i = from; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == ']') {
        return i == from || (i == from + 1 && pattern.charAt(from) == '^') ? -1 : i;
      }
      if (c == '[' || (c == '\\' && ++i < pattern.length() && !isPlainEscape(pattern.charAt(i)))) {
        return -1;
      }
    }
    return -1;
  }

  /** What a text must contain to hold this alternative at all. */
  RequiredLiterals.Found required() {
    return required;
  }

  /** Its automaton, made when first asked for, as most are never run; null: left to RE2J. */
  @Nullable LazyDfa automaton() {
    if (!built) {
      automaton = LazyDfa.of(pattern);
      built = true;
    }
    return automaton;
  }
}
