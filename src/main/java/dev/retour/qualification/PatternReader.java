package dev.retour.qualification;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads a pattern that RE2J has accepted into a {@link Program}. Understands what rule files use
 * (literals, classes, groups, alternatives, repetitions, {@code ^ $ \b}) and gives up on the rest,
 * which RE2J then runs itself.
 */
final class PatternReader {
  /** One bit for each char, and {@link #BEYOND} for all characters that need two. */
  static final int BEYOND = 0x10000;

  private static final int REPEAT_MAX = 1_000;
  private static final BitSet DIGIT = set("0123456789");
  private static final BitSet SPACE = set("\t\n\f\r ");
  static final BitSet WORD = set("0123456789_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
  private static final BitSet NO_DIGIT = not(DIGIT);
  private static final BitSet NO_SPACE = not(SPACE);
  private static final BitSet NO_WORD = not(WORD);
  private static final BitSet ANY = not(set("\n"));

  private final String pattern;
  private int at;

  private PatternReader(String pattern) {
    this.pattern = pattern;
  }

  /** Thrown and caught within this class only: most patterns are understood. */
  private static final class NotUnderstoodException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotUnderstoodException() {
      super("", null, false, false);
    }
  }

  /** A part of a pattern, put in front of what follows it. */
  private interface Part {
    /**
     * Adds itself to a program.
     *
     * @param next where to go on behind it
     * @return where it begins
     */
    int compile(Program program, int next);
  }

  /** The program of a pattern, or null when RE2J has to run it. */
  static @Nullable Program read(String pattern) {
    PatternReader reader = new PatternReader(pattern);
    try {
      Part whole = reader.alternation();
      if (reader.at != pattern.length()) {
        return null;
      }
      Program program = new Program();
      program.start = whole.compile(program, program.match());
      return program.isTooLarge() ? null : program;
    } catch (NotUnderstoodException e) {
      return null;
    }
  }

  private Part alternation() {
    Part all = sequence();
    while (peek() == '|') {
      at++;
      Part left = all;
      Part right = sequence();
      all =
          (program, next) ->
              program.either(left.compile(program, next), right.compile(program, next));
    }
    return all;
  }

  private Part sequence() {
    Part all = (program, next) -> next;
    while (at < pattern.length() && peek() != '|' && peek() != ')') {
      Part before = all;
      Part last = repeated(atom());
      all = (program, next) -> before.compile(program, last.compile(program, next));
    }
    return all;
  }

  private Part atom() {
    char c = pattern.charAt(at++);
    return switch (c) {
      case '(' -> group();
      case '[' -> one(characterClass());
      case '\\' -> escape();
      case '^' -> (program, next) -> program.when(Program.Op.BEGIN, next);
      case '$' -> (program, next) -> program.when(Program.Op.END, next);
      case '.' -> one(ANY);
      case '*', '+', '?', '{' -> throw new NotUnderstoodException();
      default -> one(set(String.valueOf(single(c))));
    };
  }

  private static Part one(BitSet chars) {
    return (program, next) -> program.one(chars, next);
  }

  private static char single(char c) {
    if (Character.isSurrogate(c)) {
      throw new NotUnderstoodException();
    }
    return c;
  }

  private Part group() {
    if (pattern.startsWith("?:", at)) {
      at += 2;
    } else if (peek() == '?') {
      throw new NotUnderstoodException();
    }
    Part inner = alternation();
    if (peek() != ')') {
      throw new NotUnderstoodException();
    }
    at++;
    return inner;
  }

  private Part escape() {
    char escaped = next();
    if (escaped == 'b') {
      return (program, next) -> program.when(Program.Op.BOUNDARY, next);
    }
    return one(escaped(escaped));
  }

  private static BitSet escaped(char c) {
    return switch (c) {
      case 'd' -> DIGIT;
      case 's' -> SPACE;
      case 'w' -> WORD;
      case 'D' -> NO_DIGIT;
      case 'S' -> NO_SPACE;
      case 'W' -> NO_WORD;
      default -> {
        if (Character.isLetterOrDigit(c)) {
          throw new NotUnderstoodException();
        }
        yield set(String.valueOf(single(c)));
      }
    };
  }

  private BitSet characterClass() {
    boolean negated = peek() == '^';
    at += negated ? 1 : 0;
    BitSet members = new BitSet();
    int from = at;
    while (peek() != ']' || at == from) {
      char c = next();
      if (c == '[') {
        throw new NotUnderstoodException(); // perhaps [:alpha:]
      }
      if (c == '\\') {
        members.or(escaped(next()));
      } else if (peek() == '-' && at + 1 < pattern.length() && pattern.charAt(at + 1) != ']') {
        at++;
        char last = next();
        if (last == '\\' || last < c) {
          throw new NotUnderstoodException();
        }
        members.set(single(c), single(last) + 1);
      } else {
        members.set(single(c));
      }
    }
    at++;
    return negated ? not(members) : members;
  }

  private Part repeated(Part part) {
    int least;
    int most;
    switch (peek()) {
      case '?' -> {
        least = 0;
        most = 1;
      }
      case '*' -> {
        least = 0;
        most = Program.UNBOUNDED;
      }
      case '+' -> {
        least = 1;
        most = Program.UNBOUNDED;
      }
      case '{' -> {
        at++;
        least = number();
        most = least;
        if (peek() == ',') {
          at++;
          most = peek() == '}' ? Program.UNBOUNDED : number();
        }
        if (peek() != '}') {
          throw new NotUnderstoodException();
        }
      }
      default -> {
        return part;
      }
    }
    at++;
    at += peek() == '?' ? 1 : 0; // whether anything matches does not depend on greed
    int from = least;
    int to = most;
    return (program, next) -> program.repeat(tail -> part.compile(program, tail), from, to, next);
  }

  private int number() {
    int number = 0;
    int from = at;
    while (peek() >= '0' && peek() <= '9') {
      number = number * 10 + (next() - '0');
      if (number > REPEAT_MAX) {
        throw new NotUnderstoodException();
      }
    }
    if (at == from) {
      throw new NotUnderstoodException();
    }
    return number;
  }

  private char next() {
    if (at >= pattern.length()) {
      throw new NotUnderstoodException();
    }
    return pattern.charAt(at++);
  }

  private char peek() {
    return at < pattern.length() ? pattern.charAt(at) : '\0';
  }

  private static BitSet set(String members) {
    BitSet set = new BitSet();
    members.chars().forEach(set::set);
    return set;
  }

  private static BitSet not(BitSet members) {
    BitSet others = (BitSet) members.clone();
    others.flip(0, BEYOND + 1);
    return others;
  }
}
