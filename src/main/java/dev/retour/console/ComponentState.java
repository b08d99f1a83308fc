package dev.retour.console;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How one part of the running system is.
 *
 * @param name what an operator calls it, e.g. {@code SMTP relay.example:587}
 * @param sentence what is the case and, when it is down, the consequence and what to do
 * @param since when it got into this state, if known
 */
public record ComponentState(Phrase name, Status status, Phrase sentence, @Nullable Instant since) {

  /** Off is chosen by configuration and no trouble; down is. */
  public enum Status {
    UP,
    DOWN,
    OFF
  }
}
