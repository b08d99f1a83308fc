package dev.retour.app;

import dev.retour.console.ComponentState;
import dev.retour.console.ComponentState.Status;
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

  private final String name;
  private final RelayMonitor relay;
  private final Queue queue;
  private final InstantSource clock;
  private @Nullable Instant countedAt;
  private String waiting = "";

  RelayProbe(String name, RelayMonitor relay, Queue queue, InstantSource clock) {
    this.name = name;
    this.relay = relay;
    this.queue = queue;
    this.clock = clock;
  }

  @Override
  public ComponentState get() {
    RelayMonitor.State state = relay.state();
    if (state.up()) {
      String sentence = state.since() == null ? "Not tried yet." : "Takes mail.";
      return new ComponentState(name, Status.UP, sentence, state.since());
    }
    return new ComponentState(
        name,
        Status.DOWN,
        "Takes no mail, mailbox "
            + relay.mailbox()
            + " is paused: "
            + state.fault()
            + ". "
            + waiting()
            + " None fails or loses an attempt; sending resumes by itself.",
        state.since());
  }

  private synchronized String waiting() {
    Instant now = clock.instant();
    if (countedAt == null || !now.isBefore(countedAt.plus(COUNT_EVERY))) {
      countedAt = now;
      try {
        int due = queue.due(COUNT_MAX);
        waiting =
            (due >= COUNT_MAX ? COUNT_MAX + " mails or more" : due == 1 ? "1 mail" : due + " mails")
                + (due == 1 ? " waits." : " wait.");
      } catch (RuntimeException e) {
        log.debug("How many mails wait is not known: the database does not answer.", e);
        waiting = "How many mails wait is not known.";
      }
    }
    return waiting;
  }
}
