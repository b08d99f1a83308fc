package dev.retour.app;

import dev.retour.console.ComponentState;
import dev.retour.console.ComponentState.Status;
import dev.retour.console.Phrase;
import dev.retour.erp.CallbackConfig;
import dev.retour.erp.Callbacks;
import dev.retour.erp.EndpointMonitor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the ERP can be told; while it cannot, how many facts wait for it. */
final class CallbackProbe implements Supplier<ComponentState> {
  private static final Logger log = LoggerFactory.getLogger(CallbackProbe.class);
  private static final Duration COUNT_EVERY = Duration.ofSeconds(2);
  private static final int COUNT_MAX = 10_000;

  private final CallbackConfig config;
  private final Callbacks callbacks;
  private final InstantSource clock;
  private final Phrase name;
  private @Nullable Instant countedAt;
  private Phrase waiting = Phrase.of("part.callbacks.unknown");

  CallbackProbe(CallbackConfig config, Callbacks callbacks, InstantSource clock) {
    this.config = config;
    this.callbacks = callbacks;
    this.clock = clock;
    this.name =
        config
            .url()
            .map(
                url -> Phrase.of("part.callbacks.to", url.getScheme() + "://" + url.getAuthority()))
            .orElse(Phrase.of("part.callbacks.name"));
  }

  @Override
  public ComponentState get() {
    if (!config.enabled()) {
      return new ComponentState(name, Status.OFF, Phrase.of("part.callbacks.off"), null);
    }
    EndpointMonitor.State state = callbacks.state();
    if (state.up()) {
      return new ComponentState(
          name,
          Status.UP,
          Phrase.of(state.since() == null ? "part.callbacks.new" : "part.callbacks.up"),
          state.since());
    }
    Instant since = state.since() == null ? clock.instant() : state.since();
    boolean red = !clock.instant().isBefore(since.plus(config.redAfter()));
    return new ComponentState(
        name,
        red ? Status.DOWN : Status.UP,
        Phrase.of("part.callbacks.down", String.valueOf(state.fault()), waiting()),
        since);
  }

  private synchronized Phrase waiting() {
    Instant now = clock.instant();
    if (countedAt == null || !now.isBefore(countedAt.plus(COUNT_EVERY))) {
      countedAt = now;
      try {
        int open = callbacks.open(COUNT_MAX);
        waiting =
            Phrase.of(open >= COUNT_MAX ? "part.callbacks.many" : "part.callbacks.waiting", open);
      } catch (RuntimeException e) {
        log.debug("How many facts wait is not known: the database does not answer.", e);
        waiting = Phrase.of("part.callbacks.unknown");
      }
    }
    return waiting;
  }
}
