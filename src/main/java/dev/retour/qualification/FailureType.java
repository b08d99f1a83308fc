package dev.retour.qualification;

import java.util.Locale;

/** How lasting a failure is, and therefore what it does to an address (spec B1). */
public enum FailureType {
  /** The address is invalid: quarantined at once, never retried. */
  HARD,
  /** Possibly temporary: retried while valid, counted. */
  SOFT,
  /** Known to be no address problem: never counted. */
  IGNORED,
  /** No rule knows the text of a bounce: first only logged, counted when it recurs. */
  UNDEFINED;

  /** The word used in tables, files and answers: {@code hard}, {@code soft} … */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The type with this label.
   *
   * @throws IllegalArgumentException when no type has it
   */
  public static FailureType ofLabel(String label) {
    for (FailureType type : values()) {
      if (type.label().equals(label)) {
        return type;
      }
    }
    throw new IllegalArgumentException(
        "There is no failure type \"" + label + "\"; it is one of hard, soft, ignored, undefined.");
  }
}
