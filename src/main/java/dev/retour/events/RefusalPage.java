package dev.retour.events;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some refused events, the newest first.
 *
 * @param next what the following page begins behind; null when this was the last one
 */
public record RefusalPage(List<RefusalView> refusals, @Nullable Long next) {
  /** Copies the list. */
  public RefusalPage {
    refusals = List.copyOf(refusals);
  }

  /**
   * Reads the place after which a page begins; null begins with the newest.
   *
   * @throws IllegalArgumentException when it is something else
   */
  public static long place(@Nullable String text) {
    if (text == null) {
      return Long.MAX_VALUE;
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("after is what next said on the page before.", e);
    }
  }
}
