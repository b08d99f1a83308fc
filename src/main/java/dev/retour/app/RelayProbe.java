package dev.retour.app;

import dev.retour.console.ComponentState;
import dev.retour.console.ComponentState.Status;
import dev.retour.console.Phrase;
import dev.retour.delivery.Queue;
import dev.retour.delivery.RelayMonitor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a mailbox (the account at a relay) is; while it is paused, how many mails wait for it. */
final class RelayProbe implements Supplier<ComponentState> {
  private static final Logger log = LoggerFactory.getLogger(RelayProbe.class);
  private static final Duration COUNT_EVERY = Duration.ofSeconds(2);
  private static final int COUNT_MAX = 10_000;

  private final Phrase name;
  private final RelayMonitor relay;
  private final Queue queue;
  private final InstantSource clock;
  private @Nullable Instant countedAt;
  private Phrase waiting = Phrase.of("part.smtp.unknown");

  RelayProbe(Phrase name, RelayMonitor relay, Queue queue, InstantSource clock) {
    this.name = name;
    this.relay = relay;
    this.queue = queue;
    this.clock = clock;
  }

  @Override
  public ComponentState get() {
    RelayMonitor.State state = relay.state();
    if (state.up()) {
      Phrase sentence = Phrase.of(state.since() == null ? "part.smtp.new" : "part.smtp.up");
      return new ComponentState(name, Status.UP, sentence, state.since());
    }
    return new ComponentState(
        name,
        Status.DOWN,
        Phrase.of("part.smtp.down", relay.mailbox(), String.valueOf(state.fault()), waiting()),
        state.since());
  }

  private synchronized Phrase waiting() {
    Instant now = clock.instant();
    if (countedAt == null || !now.isBefore(countedAt.plus(COUNT_EVERY))) {
      countedAt = now;
      try {
        int due = queue.waitingFor(relay, COUNT_MAX);
        waiting = Phrase.of(due >= COUNT_MAX ? "part.smtp.many" : "part.smtp.waiting", due);
      } catch (RuntimeException e) {
        log.debug("How many mails wait is not known: the database does not answer.", e);
        waiting = Phrase.of("part.smtp.unknown");
      }
    }
    return waiting;
  }
}
