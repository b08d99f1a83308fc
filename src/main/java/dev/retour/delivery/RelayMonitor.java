package dev.retour.delivery;

import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the relay takes mail: red from the first connection or login fault to the next success.
 */
public final class RelayMonitor {
  private static final Logger log = LoggerFactory.getLogger(RelayMonitor.class);

  /**
   * The state of the relay.
   *
   * @param up false from a fault until the next success
   * @param since when it came into this state; null: never tried
   * @param fault the fault in words when down
   */
  public record State(boolean up, @Nullable Instant since, @Nullable String fault) {}

  private final InstantSource clock;
  private volatile State state = new State(true, null, null);

  public RelayMonitor(InstantSource clock) {
    this.clock = clock;
  }

  public State state() {
    return state;
  }

  synchronized void works() {
    State before = state;
    if (!before.up() || before.since() == null) {
      state = new State(true, clock.instant(), null);
      if (!before.up()) {
        log.info("The relay takes mail again.");
      }
    }
  }

  synchronized void fails(String fault) {
    State before = state;
    state = new State(false, before.up() ? clock.instant() : before.since(), fault);
    if (before.up()) {
      log.warn("The relay takes no mail: {}. Mails wait and go out by themselves later.", fault);
    }
  }
}
