package dev.retour.qualification;

import java.util.Locale;
import java.util.Optional;

/**
 * The class a rule belongs to, by the number of its file. Files are read in the order of their
 * numbers, so a specific word always beats a general one, and any word beats a bare code.
 */
public enum Precedence {
  /** Rules of this installation; never overwritten by an update. */
  LOCAL(10, 19),
  /** Words whose meaning only one provider or mail server gives them. */
  PROVIDER(20, 39),
  /** Words with the same meaning everywhere. */
  TEXT(40, 89),
  /** Enhanced status codes (RFC 3463), where the words say nothing. */
  STATUS(90, 94),
  /** SMTP reply codes (RFC 5321), and words that say no more than one. */
  REPLY_CODE(95, 99),
  /** No rule matched. */
  UNKNOWN(100, 100);

  private final int first;
  private final int last;

  Precedence(int first, int last) {
    this.first = first;
    this.last = last;
  }

  /** For a person: {@code a rule of the provider's texts}. */
  public String words() {
    return switch (this) {
      case UNKNOWN -> "no rule fits";
      default -> "a rule of the class " + name().toLowerCase(Locale.ROOT).replace('_', ' ');
    };
  }

  /** Whether what the other side said decides, and not a bare code. */
  boolean isWords() {
    return compareTo(STATUS) < 0;
  }

  static Optional<Precedence> ofFileNumber(int number) {
    for (Precedence precedence : values()) {
      if (precedence != UNKNOWN && precedence.first <= number && number <= precedence.last) {
        return Optional.of(precedence);
      }
    }
    return Optional.empty();
  }
}
