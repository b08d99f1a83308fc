package dev.retour.quarantine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A suspicion of the {@link OutageGuard}: too many addresses of a domain failed with one text.
 *
 * @param text normalised (spec B7)
 * @param because why it was suspected, a sentence
 * @param held how many decisions wait for a person
 * @param barredBefore how many addresses were quarantined for it before it was noticed
 * @param state {@code open}, {@code quarantined} or {@code released}
 * @param decidedBy the person; null while it is open
 */
public record Outage(
    long id,
    String domain,
    String text,
    String because,
    Instant openedAt,
    long held,
    long barredBefore,
    String state,
    @Nullable String decidedBy) {

  /** Whether it waits for a person. */
  public boolean isOpen() {
    return state.equals("open");
  }
}
