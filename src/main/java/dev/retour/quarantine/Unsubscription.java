package dev.retour.quarantine;

import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An address on the denylist of one category.
 *
 * @param address normalised
 * @param category as messages name it
 * @param eventId whose mail carried the link; null: a person of ours did it
 */
public record Unsubscription(
    String address, String category, Instant at, How how, @Nullable UUID eventId) {

  /** By what way. */
  public enum How {
    /** Its mail program did it for the recipient (RFC 8058). */
    ONE_CLICK,
    /** The button of the page behind the link. */
    PAGE,
    /** A person of ours. */
    OPERATOR;

    static How ofLabel(String label) {
      return valueOf(label.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /** The word used in tables. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
