package dev.retour.console;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How one part of the running system is.
 *
 * @param name what an operator calls it, e.g. {@code SMTP relay.example:587}
 * @param sentence what is the case and, when it is down, the consequence and what to do
 * @param since when it got into this state, if known
 * @param todo what a person can do while it is down
 */
public record ComponentState(
    Phrase name, Status status, Phrase sentence, @Nullable Instant since, Phrase todo) {
  private static final Phrase BY_ITSELF = Phrase.of("part.down.todo");

  /** One that comes back by itself once what it needs is there again. */
  public ComponentState(Phrase name, Status status, Phrase sentence, @Nullable Instant since) {
    this(name, status, sentence, since, BY_ITSELF);
  }

  /** Off is chosen by configuration and no trouble; down is. */
  public enum Status {
    UP,
    DOWN,
    OFF
  }
}
