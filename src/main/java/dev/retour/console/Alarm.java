package dev.retour.console;

import java.util.List;

/**
 * Something an operator must know, in three sentences of the word list: {@code <key>.what}, {@code
 * <key>.then} (the consequence) and {@code <key>.todo}.
 *
 * @param level red: the engine cannot do its job; amber: something waits for a person
 * @param arguments what the sentences speak of
 */
record Alarm(Level level, String key, List<Object> arguments) {
  enum Level {
    RED,
    AMBER
  }

  static Alarm red(String key, Object... arguments) {
    return new Alarm(Level.RED, "alarm." + key, List.of(arguments));
  }

  static Alarm amber(String key, Object... arguments) {
    return new Alarm(Level.AMBER, "alarm." + key, List.of(arguments));
  }
}
