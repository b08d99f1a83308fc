package dev.retour.quarantine;

import dev.retour.store.ReadOnlyQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The statement of an exclusion rule: one SELECT with the parameters {@code :email}, {@code
 * :message}, {@code :document}.
 *
 * @param text as written
 * @param query the same without comments, as a source takes it
 */
public record ExclusionSql(String text, ReadOnlyQuery query) {
  private static final Set<String> PARAMETERS = Set.of("email", "message", "document");

  private static final int CHARS_MAX = 4_000;

  /** None of these has a place in a question. The read-only transaction is the wall behind. */
  private static final Set<String> WRITING =
      Set.of(
          "insert",
          "update",
          "delete",
          "merge",
          "into",
          "truncate",
          "call",
          "copy",
          "create",
          "alter",
          "drop",
          "grant",
          "revoke",
          "lock",
          "nextval",
          "setval");

  /**
   * Reads a statement.
   *
   * @throws IllegalArgumentException with the expectation ("must be …")
   */
  static ExclusionSql of(String sql) {
    if (sql.length() > CHARS_MAX) {
      throw new IllegalArgumentException("must be at most " + CHARS_MAX + " characters long");
    }
    Reader reader = new Reader(sql);
    reader.read();
    if (reader.words.isEmpty() || !Set.of("select", "with").contains(reader.words.get(0))) {
      throw new IllegalArgumentException("must be one SELECT");
    }
    reader.words.stream()
        .filter(WRITING::contains)
        .findFirst()
        .ifPresent(
            word -> {
              throw new IllegalArgumentException(
                  "must only read; put "
                      + word.toUpperCase(Locale.ROOT)
                      + " in double quotes if it is a name");
            });
    if (reader.parameters.isEmpty()) {
      throw new IllegalArgumentException(
          "must ask about the mail, by :email, :message or :document");
    }
    try {
      return new ExclusionSql(sql.strip(), ReadOnlyQuery.parse(reader.out.toString()));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("must be a question a source takes: " + e.getMessage(), e);
    }
  }

  /** One pass over the text. */
  private static final class Reader {
    private final String sql;
    private final StringBuilder out = new StringBuilder();
    private final List<String> parameters = new ArrayList<>();
    private final List<String> words = new ArrayList<>();
    private int at;
    private boolean ended;

    Reader(String sql) {
      this.sql = sql;
    }

    void read() {
      while (at < sql.length()) {
        char c = sql.charAt(at);
        if (sql.startsWith("--", at)) {
          skip(end("\n", at));
        } else if (sql.startsWith("/*", at)) {
          skip(end("*/", at + 2));
        } else if (ended && !Character.isWhitespace(c)) {
          throw new IllegalArgumentException("must be one statement");
        } else if (c == '\'' || c == '"') {
          quoted(c);
        } else if (c == '$') {
          dollar();
        } else if (Character.isLetter(c) || c == '_') {
          word();
        } else if (c == ':') {
          colon();
        } else if (c == ';') {
          ended = true;
          at++;
        } else if (c == '?') {
          throw new IllegalArgumentException(
              "must name its parameters (:email, :message, :document) and use no question mark");
        } else {
          copyTo(at + 1);
        }
      }
    }

    private void copyTo(int end) {
      out.append(sql, at, end);
      at = end;
    }

    /** A comment is no part of the question; a space keeps its neighbours apart. */
    private void skip(int end) {
      out.append(' ');
      at = end;
    }

    private int end(String mark, int from) {
      int found = sql.indexOf(mark, from);
      if (found < 0 && !mark.equals("\n")) {
        throw new IllegalArgumentException("must end what it begins: " + mark + " is missing");
      }
      return found < 0 ? sql.length() : found + mark.length();
    }

    /** A doubled quote begins the next piece, which comes to the same. */
    private void quoted(char quote) {
      boolean escapes = quote == '\'' && at > 0 && "eE".indexOf(sql.charAt(at - 1)) >= 0;
      int end = at + 1;
      while (end < sql.length() && sql.charAt(end) != quote) {
        end += escapes && sql.charAt(end) == '\\' ? 2 : 1;
      }
      if (end >= sql.length()) {
        throw new IllegalArgumentException("must end what it begins: " + quote + " is missing");
      }
      copyTo(end + 1);
    }

    private void dollar() {
      int close = sql.indexOf('$', at + 1);
      String tag = close < 0 ? "" : sql.substring(at, close + 1);
      if (!tag.matches("\\$[A-Za-z_]*\\$")) {
        throw new IllegalArgumentException("must name its parameters; $1 has no value");
      }
      copyTo(end(tag, close + 1));
    }

    private void word() {
      int end = at;
      while (end < sql.length()
          && (Character.isLetterOrDigit(sql.charAt(end)) || "_$".indexOf(sql.charAt(end)) >= 0)) {
        end++;
      }
      words.add(sql.substring(at, end).toLowerCase(Locale.ROOT));
      copyTo(end);
    }

    private void colon() {
      if (sql.startsWith("::", at)) {
        copyTo(at + 2);
        return;
      }
      int end = at + 1;
      while (end < sql.length() && Character.isLetterOrDigit(sql.charAt(end))) {
        end++;
      }
      String name = sql.substring(at + 1, end);
      if (!PARAMETERS.contains(name)) {
        throw new IllegalArgumentException(
            "must know its parameters; :" + name + " is none of :email, :message, :document");
      }
      parameters.add(name);
      out.append(':').append(name);
      at = end;
    }
  }
}
