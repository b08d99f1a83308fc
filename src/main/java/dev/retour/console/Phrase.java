package dev.retour.console;

import java.util.List;

/**
 * Something the console says in the language of whoever looks: a sentence of the word list and what
 * it speaks of. An argument may be a phrase itself.
 */
public record Phrase(String key, List<Object> arguments) {
  public Phrase {
    arguments = List.copyOf(arguments);
  }

  public static Phrase of(String key, Object... arguments) {
    return new Phrase(key, List.of(arguments));
  }

  /** The same for programs and logs: in English, with times in full. */
  public String english() {
    return Words.english(this);
  }
}
