package dev.retour.qualification;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds words without which a pattern cannot match, so that most patterns need not be tried.
 *
 * <p>Works as RE2's own prefilter does: short alternatives are multiplied out ({@code mail ?box
 * full} needs "mailbox full" or "mail box full"), and of all parts the one with the longest words
 * is kept. Gives up on everything it does not fully understand: a literal that is not provably
 * required would silently lose matches.
 */
final class RequiredLiterals {
  private static final int WEIGHT_MIN = 3;
  private static final int EXACT_MAX = 64;
  private static final int WORDS_MAX = 400;
  private static final int SETS_MAX = 4;
  private static final Part ANYTHING = new Part(false, Set.of(), List.of());
  private static final Part NOTHING = exactly(Set.of(""));

  private final String pattern;
  private int at;
  private boolean understood = true;
  private boolean assertions;

  /**
   * What is known of a part of a pattern.
   *
   * @param exact whether {@code words} are all the texts the part can match
   * @param words one of these occurs in every text the part matches; empty: nothing is known
   * @param all every such set found, {@code words} among them; empty for an exact part
   */
  private record Part(boolean exact, Set<String> words, List<Set<String>> all) {}

  /** One Japanese or Russian letter is as rare in these texts as three Latin ones. */
  private static int weight(Set<String> words) {
    return words.stream()
        .mapToInt(word -> word.chars().map(c -> c < 128 ? 1 : WEIGHT_MIN).sum())
        .min()
        .orElse(0);
  }

  private RequiredLiterals(String pattern) {
    this.pattern = pattern;
  }

  /**
   * What a lower-cased pattern needs.
   *
   * @param sets of each set at least one word occurs in every match; empty: nothing is provable
   * @param certain whether a text with such a word is also proved to match
   */
  record Found(List<Set<String>> sets, boolean certain) {}

  static Found of(String pattern) {
    RequiredLiterals reader = new RequiredLiterals(pattern);
    Part whole = reader.alternation();
    if (!reader.understood || reader.at != pattern.length() || !usable(whole.words())) {
      return new Found(List.of(), false);
    }
    return whole.exact()
        ? new Found(List.of(whole.words()), !reader.assertions)
        : new Found(whole.all().isEmpty() ? List.of(whole.words()) : whole.all(), false);
  }

  private static boolean usable(Set<String> words) {
    return weight(words) >= WEIGHT_MIN && words.size() <= WORDS_MAX;
  }

  private static Part exactly(Set<String> words) {
    return new Part(true, words, List.of());
  }

  private Part alternation() {
    Part all = sequence();
    while (peek() == '|') {
      at++;
      Part next = sequence();
      if (all.words().isEmpty() || next.words().isEmpty()) {
        all = ANYTHING;
      } else {
        Set<String> words = new LinkedHashSet<>(all.words());
        words.addAll(next.words());
        boolean exact = all.exact() && next.exact() && words.size() <= WORDS_MAX;
        all = new Part(exact, words, List.of());
      }
    }
    return all;
  }

  /** Multiplies neighbours out while they are exact and few; keeps the best of what is left. */
  private Part sequence() {
    Part run = NOTHING;
    List<Set<String>> all = new ArrayList<>();
    boolean whole = true;
    while (understood && at < pattern.length() && peek() != '|' && peek() != ')') {
      Part next = repeated(atom());
      if (run.exact() && next.exact() && run.words().size() * next.words().size() <= EXACT_MAX) {
        run = product(run, next);
      } else {
        whole = false;
        add(all, run);
        if (!next.exact()) {
          add(all, next);
        }
        run = next.exact() ? next : NOTHING;
      }
    }
    if (whole) {
      return run;
    }
    add(all, run);
    all.sort(Comparator.comparingInt(RequiredLiterals::weight).reversed());
    List<Set<String>> kept = List.copyOf(all.subList(0, Math.min(SETS_MAX, all.size())));
    return kept.isEmpty() ? ANYTHING : new Part(false, kept.get(0), kept);
  }

  private static void add(List<Set<String>> all, Part part) {
    if (!part.all().isEmpty()) {
      all.addAll(part.all());
    } else if (usable(part.words())) {
      all.add(part.words());
    }
  }

  private static Part product(Part left, Part right) {
    Set<String> words = new LinkedHashSet<>();
    for (String start : left.words()) {
      for (String end : right.words()) {
        words.add(start + end);
      }
    }
    return exactly(words);
  }

  private Part atom() {
    char c = pattern.charAt(at++);
    return switch (c) {
      case '(' -> group();
      case '[' -> characterClass();
      case '\\' -> escape();
      case '^', '$' -> assertion();
      case '.' -> ANYTHING;
      case '*', '+', '?', '{', '}', ']' -> giveUp();
      default -> exactly(Set.of(String.valueOf(c)));
    };
  }

  private Part repeated(Part part) {
    char c = peek();
    int least;
    if (c == '?' || c == '*') {
      least = 0;
      at++;
    } else if (c == '+') {
      least = 1;
      at++;
    } else if (c == '{') {
      least = pattern.startsWith("{0", at) ? 0 : 1;
      int end = pattern.indexOf('}', at);
      at = end < 0 ? pattern.length() : end + 1;
    } else {
      return part;
    }
    if (peek() == '?') {
      at++;
    }
    if (least == 1) {
      return new Part(false, part.words(), part.all());
    }
    return c == '?' && part.exact() ? optional(part) : ANYTHING;
  }

  private static Part optional(Part part) {
    Set<String> words = new LinkedHashSet<>(part.words());
    words.add("");
    return exactly(words);
  }

  private Part group() {
    if (pattern.startsWith("?:", at)) {
      at += 2;
    } else if (peek() == '?') {
      return giveUp();
    }
    Part inner = alternation();
    if (peek() != ')') {
      return giveUp();
    }
    at++;
    return inner;
  }

  /** A class of a few plain characters is an alternative; anything else may be any character. */
  private Part characterClass() {
    Set<String> members = new LinkedHashSet<>();
    boolean plain = true;
    int from = at;
    while (at < pattern.length() && (pattern.charAt(at) != ']' || at == from)) {
      char c = pattern.charAt(at++);
      if (c == '[') {
        return giveUp();
      } else if (c == '\\') {
        at++;
        plain = false;
      } else if ((c == '^' && at == from + 1) || c == '-') {
        plain = false;
      } else {
        members.add(String.valueOf(c));
      }
    }
    if (at >= pattern.length() || pattern.charAt(from) == ']') {
      return giveUp();
    }
    at++;
    return plain && members.size() <= 4 ? exactly(members) : ANYTHING;
  }

  private Part escape() {
    if (at >= pattern.length()) {
      return giveUp();
    }
    char escaped = pattern.charAt(at++);
    if (escaped == 'b') {
      return assertion();
    }
    if ("dDsSwW".indexOf(escaped) >= 0) {
      return ANYTHING;
    }
    return Character.isLetterOrDigit(escaped) ? giveUp() : exactly(Set.of(String.valueOf(escaped)));
  }

  private Part assertion() {
    assertions = true;
    return NOTHING;
  }

  private Part giveUp() {
    understood = false;
    return ANYTHING;
  }

  private char peek() {
    return at < pattern.length() ? pattern.charAt(at) : '\0';
  }
}
