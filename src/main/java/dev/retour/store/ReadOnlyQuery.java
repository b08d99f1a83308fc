package dev.retour.store;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One statement that only reads, with named parameters ({@code :name}); values are bound, and never
 * become part of the text.
 *
 * <p>Databases disagree about comments and backslashes, and who reads a text differently than the
 * database does can be made to overlook a second statement: what is ambiguous is refused. This is
 * the outer wall; the inner ones are the read-only transaction and the rights of the user.
 */
public final class ReadOnlyQuery {
  private static final int CHARS_MAX = 10_000;
  private static final int PARAMETERS_MAX = 50;

  private final String text;
  private final StringBuilder jdbc = new StringBuilder();
  private final List<String> order = new ArrayList<>();

  private ReadOnlyQuery(String text) {
    this.text = text;
  }

  /**
   * Reads a statement.
   *
   * @throws IllegalArgumentException with one sentence for who wrote it
   */
  public static ReadOnlyQuery parse(String sql) {
    String stripped = sql.strip();
    if (stripped.length() > CHARS_MAX) {
      throw new IllegalArgumentException(
          "A statement has at most " + CHARS_MAX + " characters; make a view of it.");
    }
    String word = firstWord(stripped);
    if (!word.equals("SELECT") && !word.equals("WITH")) {
      throw new IllegalArgumentException(
          "A statement begins with SELECT or WITH; a source is only read.");
    }
    ReadOnlyQuery query = new ReadOnlyQuery(stripped);
    int at = 0;
    while (at < stripped.length()) {
      at = query.step(at);
    }
    if (query.order.size() > PARAMETERS_MAX) {
      throw new IllegalArgumentException(
          "A statement has at most " + PARAMETERS_MAX + " parameters.");
    }
    return query;
  }

  /** As written. */
  public String text() {
    return text;
  }

  /** The names of its parameters. */
  public Set<String> parameters() {
    return new LinkedHashSet<>(order);
  }

  /** With a question mark for each parameter. */
  String jdbc() {
    return jdbc.toString();
  }

  /** The name of the parameter at each question mark. */
  List<String> order() {
    return order;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ReadOnlyQuery query && query.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }

  private static String firstWord(String sql) {
    int end = 0;
    while (end < sql.length() && isLetter(sql.charAt(end))) {
      end++;
    }
    return sql.substring(0, end).toUpperCase(Locale.ROOT);
  }

  private int step(int at) {
    char c = text.charAt(at);
    switch (c) {
      case '\'', '"', '`':
        return quoted(at, c);
      case ':':
        return colon(at);
      case ';':
        if (!text.substring(at + 1).isBlank()) {
          throw new IllegalArgumentException("There may be one statement only; leave \";\" out.");
        }
        return text.length();
      case '?':
        throw new IllegalArgumentException("A parameter is written :name, never as \"?\".");
      case '$':
        if (at == 0 || !isName(text.charAt(at - 1))) {
          throw new IllegalArgumentException(
              "\"$\" begins neither a text nor a parameter here; write 'text' and :name.");
        }
        break;
      default:
        refuseComment(at);
        if (Character.isISOControl(c) && !Character.isWhitespace(c)) {
          throw new IllegalArgumentException("A statement has no control characters.");
        }
    }
    jdbc.append(c);
    return at + 1;
  }

  private void refuseComment(int at) {
    if (text.startsWith("--", at) || text.startsWith("/*", at)) {
      throw new IllegalArgumentException(
          "A statement has no comments; write them into the file with #.");
    }
  }

  private int quoted(int begin, char quote) {
    int at = begin + 1;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\\' || c == 0) {
        throw new IllegalArgumentException(
            "A backslash inside quotes means something else in each database; leave it out.");
      }
      boolean doubled = at + 1 < text.length() && text.charAt(at + 1) == quote;
      if (c == quote && !doubled) {
        jdbc.append(text, begin, at + 1);
        return at + 1;
      }
      at += c == quote ? 2 : 1;
    }
    throw new IllegalArgumentException("The quote " + quote + " is not closed.");
  }

  private int colon(int begin) {
    if (text.startsWith("::", begin)) {
      jdbc.append("::");
      return begin + 2;
    }
    int end = begin + 1;
    while (end < text.length() && isName(text.charAt(end))) {
      end++;
    }
    if (end == begin + 1 || Character.isDigit(text.charAt(begin + 1))) {
      jdbc.append(':');
      return begin + 1;
    }
    order.add(text.substring(begin + 1, end));
    jdbc.append('?');
    return end;
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static boolean isName(char c) {
    return isLetter(c) || (c >= '0' && c <= '9') || c == '_';
  }
}
