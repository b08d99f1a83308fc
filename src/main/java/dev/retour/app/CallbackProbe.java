package dev.retour.app;

import dev.retour.console.ComponentState;
import dev.retour.console.ComponentState.Status;
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
  private final String name;
  private @Nullable Instant countedAt;
  private String waiting = "";

  CallbackProbe(CallbackConfig config, Callbacks callbacks, InstantSource clock) {
    this.config = config;
    this.callbacks = callbacks;
    this.clock = clock;
    this.name =
        "Callbacks to the ERP"
            + config
                .url()
                .map(url -> ", " + url.getScheme() + "://" + url.getAuthority())
                .orElse("");
  }

  @Override
  public ComponentState get() {
    if (!config.enabled()) {
      return new ComponentState(
          name, Status.OFF, "Not configured: the ERP is told nothing (callback.url).", null);
    }
    EndpointMonitor.State state = callbacks.state();
    if (state.up()) {
      String sentence = state.since() == null ? "Not tried yet." : "Takes callbacks.";
      return new ComponentState(name, Status.UP, sentence, state.since());
    }
    Instant since = state.since() == null ? clock.instant() : state.since();
    boolean red = !clock.instant().isBefore(since.plus(config.redAfter()));
    return new ComponentState(
        name,
        red ? Status.DOWN : Status.UP,
        "Does not take callbacks: " + state.fault() + " " + waiting() + " None is lost.",
        since);
  }

  private synchronized String waiting() {
    Instant now = clock.instant();
    if (countedAt == null || !now.isBefore(countedAt.plus(COUNT_EVERY))) {
      countedAt = now;
      try {
        int open = callbacks.open(COUNT_MAX);
        waiting =
            open >= COUNT_MAX
                ? COUNT_MAX + " facts or more wait."
                : open == 1 ? "1 fact waits." : open + " facts wait.";
      } catch (RuntimeException e) {
        log.debug("How many facts wait is not known: the database does not answer.", e);
        waiting = "How many facts wait is not known.";
      }
    }
    return waiting;
  }
}
