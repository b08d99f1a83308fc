package dev.retour.app;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the edited folders and reloads what changed; remembers what could not be. */
final class Reloader implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Reloader.class);

  /**
   * A change that was refused.
   *
   * @param part routes, rules or messages
   * @param since when it was first refused
   */
  record Refused(String part, Instant since, List<Fault> faults) {}

  /** Looking at many files takes time: a fiftieth of it at most is spent on that. */
  private static final int PAUSE_PER_LOOK = 50;

  private static final Duration PAUSE_AFTER_FAULT = Duration.ofMinutes(1);

  private static final class Watched {
    private final FolderWatch watch;
    private final Reloadable part;
    private long nextLook = System.nanoTime();

    Watched(FolderWatch watch, Reloadable part) {
      this.watch = watch;
      this.part = part;
    }

    void pause(long began, long nanos) {
      nextLook = began + nanos;
    }

    boolean isTurn(long now) {
      return now - nextLook >= 0;
    }
  }

  private final InstantSource clock;
  private final List<Watched> watched = new CopyOnWriteArrayList<>();
  private final Map<String, Refused> refused = new ConcurrentHashMap<>();
  private @Nullable ScheduledFuture<?> turns;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "reload");
            thread.setDaemon(true);
            return thread;
          });

  Reloader(InstantSource clock) {
    this.clock = clock;
  }

  /** A folder or file is looked at from now on; once added, it stays. */
  void watch(Path folder, Reloadable part) {
    watched.add(new Watched(new FolderWatch(folder), part));
  }

  /** The same for what may have changed before the start: the first look reads it. */
  void watchUnread(Path folder, Reloadable part) {
    watched.add(new Watched(FolderWatch.unread(folder), part));
  }

  void start(Duration interval) {
    turns =
        timer.scheduleWithFixedDelay(
            this::look, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** What stands refused at the moment; empty when all files are as they run. */
  List<Refused> refused() {
    return List.copyOf(refused.values());
  }

  Optional<Refused> refused(String part) {
    return Optional.ofNullable(refused.get(part));
  }

  @Override
  public void close() {
    if (turns != null) {
      turns.cancel(false);
    }
    timer.shutdownNow();
  }

  private void look() {
    for (Watched each : watched) {
      long began = System.nanoTime();
      if (!each.isTurn(began)) {
        continue;
      }
      try {
        boolean changed = each.watch.changed();
        each.pause(began, (System.nanoTime() - began) * PAUSE_PER_LOOK);
        if (changed) {
          reload(each.part);
          each.watch.settle(); // else, as when the database was away, it is tried again
        }
      } catch (RuntimeException e) {
        // The timer would stop for good if this escaped; the next look may succeed.
        log.error("Looking at {} failed; what runs stays as it is.", each.watch.folder(), e);
        each.pause(began, PAUSE_AFTER_FAULT.toNanos());
      }
    }
  }

  private void reload(Reloadable part) {
    try {
      part.reload();
      Refused before = refused.remove(part.name());
      if (before != null) {
        log.info("The files of the {} are in order again and in force.", part.name());
      }
    } catch (ReloadFaultException e) {
      Refused before = refused.get(part.name());
      Instant since = before == null ? clock.instant() : before.since();
      refused.put(part.name(), new Refused(part.name(), since, e.faults()));
      log.error(
          "Changed {} refused, the old ones run on:\n{}",
          part.name(),
          String.valueOf(e.getMessage()));
    }
  }
}
