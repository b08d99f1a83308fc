package dev.retour.app;

import dev.retour.console.ComponentState;
import dev.retour.console.ComponentState.Status;
import dev.retour.console.Phrase;
import dev.retour.quarantine.Outage;
import dev.retour.quarantine.OutageDecision;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks at most every two seconds; what the database does not tell is no news. */
final class OutageProbe implements Supplier<ComponentState> {
  private static final Logger log = LoggerFactory.getLogger(OutageProbe.class);
  private static final Phrase NAME = Phrase.of("part.quarantine.name");
  private static final Duration ASK_EVERY = Duration.ofSeconds(2);

  private final OutageDecision outages;
  private final InstantSource clock;
  private @Nullable Instant askedAt;
  private ComponentState last =
      new ComponentState(NAME, Status.UP, Phrase.of("part.unasked"), null);

  OutageProbe(OutageDecision outages, InstantSource clock) {
    this.outages = outages;
    this.clock = clock;
  }

  @Override
  public synchronized ComponentState get() {
    Instant now = clock.instant();
    if (askedAt == null || now.isAfter(askedAt.plus(ASK_EVERY))) {
      askedAt = now;
      try {
        last = ask();
      } catch (RuntimeException e) {
        log.debug("The held quarantines are not known: the database does not answer.", e);
      }
    }
    return last;
  }

  private ComponentState ask() {
    List<Outage> open = outages.list(false);
    if (open.isEmpty()) {
      return new ComponentState(NAME, Status.UP, Phrase.of("part.quarantine.up"), null);
    }
    Outage newest = open.get(0);
    return new ComponentState(
        NAME,
        Status.DOWN,
        Phrase.of("part.quarantine.held", newest.held(), newest.domain(), open.size() - 1),
        newest.openedAt(),
        Phrase.of("part.quarantine.todo"));
  }
}
