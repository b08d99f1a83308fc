package dev.retour.qualification;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/**
 * The words that answers about unknown users are made of. An answer that also has a word from
 * elsewhere ("the calendar of this user was not found") speaks of something else as well, so it is
 * no proof that nobody has the address.
 *
 * <p>Only English sentences of some length are looked at; names, hosts, codes, and what stands in
 * brackets or quotes do not count as words.
 */
final class KnownWords {
  /** No list: every answer is taken as understood. */
  static final KnownWords NONE = new KnownWords(Set.of());

  private static final int TEXT_MAX = 300;
  private static final int LETTERS_MIN = 3;
  private static final int ENGLISH_MIN = 2;
  private static final String LINE = "____";
  private static final String OPENING = "<([{\"";
  private static final String CLOSING = ">)]}\"";
  private static final String ENDS_SENTENCE = ".:;!?,->";
  private static final String NO_WORD = "@/_=\\%#";
  private static final Set<String> ENGLISH =
      Set.of(
          "the",
          "not",
          "no",
          "is",
          "was",
          "does",
          "this",
          "that",
          "such",
          "unknown",
          "invalid",
          "found",
          "known",
          "exist",
          "user",
          "mailbox",
          "recipient",
          "address",
          "of",
          "in",
          "to");

  private final Set<String> words;

  private KnownWords(Set<String> words) {
    this.words = words;
  }

  /**
   * Reads a list.
   *
   * @param text words in lower case, parted by white space; a line that begins with # is a remark
   */
  static KnownWords of(String text) {
    Set<String> words = new HashSet<>();
    for (String line : text.lines().filter(one -> !one.startsWith("#")).toList()) {
      StringTokenizer tokens = new StringTokenizer(line);
      while (tokens.hasMoreTokens()) {
        words.add(tokens.nextToken());
      }
    }
    return new KnownWords(Set.copyOf(words));
  }

  /** The first word of an English answer that is not in the list; null when there is none. */
  @Nullable String strangerIn(String answer) {
    if (words.isEmpty() || answer.length() > TEXT_MAX || !isAscii(answer)) {
      return null;
    }
    Set<String> named = namesIn(answer);
    String stranger = null;
    int english = 0;
    boolean begins = true;
    StringTokenizer tokens = new StringTokenizer(bare(ownWords(answer)));
    while (tokens.hasMoreTokens()) {
      String token = tokens.nextToken();
      boolean isWord = isWord(token);
      for (String part : isWord ? parts(token) : List.<String>of()) {
        String word = part.toLowerCase(Locale.ROOT);
        english += ENGLISH.contains(word) ? 1 : 0;
        if (stranger == null && !isName(part, begins) && !isKnown(word) && !named.contains(word)) {
          stranger = word;
        }
        begins = false;
      }
      begins |= !isWord || ENDS_SENTENCE.indexOf(token.charAt(token.length() - 1)) >= 0;
    }
    return english >= ENGLISH_MIN ? stranger : null;
  }

  /** Whether a word is the name of a product or a person by how it is written. */
  private static boolean isName(String word, boolean begins) {
    boolean capital = Character.isUpperCase(word.charAt(0));
    return capital && (!begins || word.chars().noneMatch(Character::isLowerCase));
  }

  /** {@code user's} is known with {@code user}. */
  private boolean isKnown(String word) {
    int apostrophe = word.indexOf('\'');
    return word.length() < LETTERS_MIN
        || words.contains(word)
        || (apostrophe > 1 && words.contains(word.substring(0, apostrophe)));
  }

  /** What stands before the at sign of an address: notices repeat it as a name. */
  private static Set<String> namesIn(String answer) {
    if (answer.indexOf('@') < 0) {
      return Set.of();
    }
    Set<String> names = new HashSet<>();
    StringTokenizer tokens = new StringTokenizer(answer);
    while (tokens.hasMoreTokens()) {
      String token = tokens.nextToken();
      int at = token.indexOf('@');
      for (String part : at < 0 ? List.<String>of() : parts(token.substring(0, at))) {
        names.add(part.toLowerCase(Locale.ROOT));
      }
    }
    return names;
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 128);
  }

  /** Without what a scanner or a lawyer added below a line. */
  private static String ownWords(String answer) {
    int line = answer.indexOf(LINE);
    return line < 0 ? answer : answer.substring(0, line);
  }

  /** Without what stands in brackets or quotes. */
  private static String bare(String answer) {
    StringBuilder bare = new StringBuilder(answer.length());
    char awaited = 0;
    for (int i = 0; i < answer.length(); i++) {
      char c = answer.charAt(i);
      int opening = OPENING.indexOf(c);
      if (awaited != 0) {
        awaited = c == awaited ? 0 : awaited;
      } else if (opening >= 0 && answer.indexOf(CLOSING.charAt(opening), i + 1) > 0) {
        awaited = CLOSING.charAt(opening);
        bare.append(' ');
      } else {
        bare.append(c);
      }
    }
    return bare.toString();
  }

  /** Words only: no codes, addresses, host names, paths, or names with an underscore. */
  private static boolean isWord(String token) {
    boolean letter = false;
    for (int i = 0; i < token.length(); i++) {
      char c = token.charAt(i);
      boolean joins = c == '.' && i > 0 && i + 1 < token.length();
      if (Character.isDigit(c)
          || NO_WORD.indexOf(c) >= 0
          || (joins && Character.isLetterOrDigit(token.charAt(i + 1)))) {
        return false;
      }
      letter |= Character.isLetter(c);
    }
    return letter;
  }

  /** The words of a token such as {@code e-mail}; an apostrophe inside belongs to the word. */
  private static List<String> parts(String token) {
    List<String> parts = new ArrayList<>(1);
    int from = -1;
    for (int i = 0; i <= token.length(); i++) {
      boolean inside = i < token.length() && isInside(token, i, from >= 0);
      if (inside && from < 0) {
        from = i;
      } else if (!inside && from >= 0) {
        parts.add(token.substring(from, i));
        from = -1;
      }
    }
    return parts;
  }

  private static boolean isInside(String token, int at, boolean within) {
    char c = token.charAt(at);
    return Character.isLetter(c)
        || (c == '\''
            && within
            && at + 1 < token.length()
            && Character.isLetter(token.charAt(at + 1)));
  }
}
