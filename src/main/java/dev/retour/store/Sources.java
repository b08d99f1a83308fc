package dev.retour.store;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other databases that messages and rules may ask, by name (spec C2): read only, within limits
 * of time, rows and bytes. Safe for use by many threads; opens nothing before it is asked.
 */
public final class Sources implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Sources.class);
  private static final Duration PROBE_AFTER = Duration.ofSeconds(10);

  private final InstantSource clock;
  private final ScheduledExecutorService timer;
  private final ExecutorService probes;
  private final AtomicBoolean probing = new AtomicBoolean();
  private volatile Map<String, Source> sources = Map.of();

  private Sources(InstantSource clock) {
    this.clock = clock;
    ScheduledThreadPoolExecutor cuts = new ScheduledThreadPoolExecutor(1, daemon("source-cut-off"));
    cuts.setRemoveOnCancelPolicy(true);
    this.timer = cuts;
    this.probes = Executors.newSingleThreadExecutor(daemon("source-probe"));
  }

  private static ThreadFactory daemon(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  /** These sources, each with an id of its own. */
  public static Sources of(List<SourceConfig> configs, InstantSource clock) {
    Sources sources = new Sources(clock);
    sources.replace(configs);
    return sources;
  }

  /** Where there are none: every question is refused with the sentence why. */
  public static Sources none() {
    return new Sources(InstantSource.system());
  }

  /** Takes these from now on; those that did not change keep their connections. */
  public synchronized void replace(List<SourceConfig> configs) {
    Map<String, Source> before = sources;
    Map<String, Source> after = new TreeMap<>();
    for (SourceConfig config : configs) {
      Source known = before.get(config.id());
      after.put(
          config.id(),
          known != null && known.config().equals(config)
              ? known
              : new Source(config, clock, timer));
    }
    sources = after;
    before.values().stream().filter(each -> !after.containsValue(each)).forEach(Source::close);
  }

  /** Their ids, sorted. */
  public Set<String> ids() {
    return new TreeSet<>(sources.keySet());
  }

  /** Connections it may have at the same time; 1 where there is no such source. */
  public int connections(String id) {
    Source source = sources.get(id);
    return source == null ? 1 : source.config().connections();
  }

  /**
   * Asks a source.
   *
   * @param values by the names of the parameters; one that is missing is NULL
   * @param rowsMax rows wanted at most; the limit of the source may be lower
   */
  public SourceAnswer query(String id, ReadOnlyQuery query, Map<String, ?> values, int rowsMax) {
    return query(id, query, values, rowsMax, SourceConfig.TIMEOUT_MAX);
  }

  /** The same for who has less time than the source is given. */
  public SourceAnswer query(
      String id, ReadOnlyQuery query, Map<String, ?> values, int rowsMax, Duration timeout) {
    Source source = sources.get(id);
    return source == null ? unknown(id) : source.query(query, values, rowsMax, timeout);
  }

  /**
   * The columns a statement would have, without carrying it out: an answer without rows. Some
   * databases tell no columns before they carry it out.
   *
   * @param samples values of the types that will be bound
   */
  public SourceAnswer columns(String id, ReadOnlyQuery query, Map<String, ?> samples) {
    Source source = sources.get(id);
    return source == null ? unknown(id) : source.columns(query, samples);
  }

  private SourceAnswer.Refused unknown(String id) {
    return new SourceAnswer.Refused(
        "There is no source "
            + id
            + "; there "
            + (sources.isEmpty() ? "is none" : "are " + String.join(", ", ids()))
            + " (rules/sources.yaml, erp.jdbc-url).");
  }

  /** Whether they answer. Never waits: one nobody asked for a while is asked beside. */
  public List<SourceState> states() {
    List<SourceState> states = new ArrayList<>();
    for (Source source : sources.values()) {
      SourceState state = source.state();
      states.add(state);
      if (!state.asked() || source.age().compareTo(PROBE_AFTER) > 0) {
        probe();
      }
    }
    return states;
  }

  /** Asks all of them now, one after the other, and waits. */
  public List<SourceState> ask() {
    sources.values().forEach(Source::probe);
    return sources.values().stream().map(Source::state).toList();
  }

  private void probe() {
    if (!probing.compareAndSet(false, true)) {
      return;
    }
    try {
      probes.execute(
          () -> {
            try {
              ask();
            } finally {
              probing.set(false);
            }
          });
    } catch (RejectedExecutionException e) {
      log.debug("Sources are not asked any more: they are closed.", e);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    probes.shutdownNow();
    sources.values().forEach(Source::close);
  }
}
