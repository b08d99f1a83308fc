package dev.retour.delivery;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries relays side by side: one that lets us wait, for minutes by its time-outs, keeps no other
 * from being tried.
 */
final class Probes implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Probes.class);
  private static final int THREADS_MAX = 16;
  private static final long IDLE_SECONDS = 30;
  private static final long PATIENCE_MILLIS = 2_000;

  private final Set<TransportPool> underWay = ConcurrentHashMap.newKeySet();
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          THREADS_MAX,
          THREADS_MAX,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          Probes::thread);

  Probes() {
    threads.allowCoreThreadTimeOut(true);
  }

  /** Returns when all have answered, or soon: those that are silent are waited for elsewhere. */
  void of(Collection<TransportPool> due) {
    CompletableFuture<?>[] begun =
        due.stream()
            .filter(underWay::add)
            .map(pool -> CompletableFuture.runAsync(() -> probe(pool), threads))
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(begun)
        .completeOnTimeout(null, PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
        .join();
  }

  @Override
  public void close() {
    threads.shutdown();
  }

  private void probe(TransportPool pool) {
    try {
      pool.probe();
    } catch (RuntimeException e) {
      log.warn("Mailbox {} could not be tried; it is next turn.", pool.monitor().mailbox(), e);
    } finally {
      underWay.remove(pool);
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "smtp-probe");
    thread.setDaemon(true);
    return thread;
  }
}
