package dev.retour.events;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads that wait for one source, and a short queue before them; they end when nothing comes. */
final class SourceThreads {
  private static final int THREADS_MAX = 8;
  private static final int WAITING_MAX = 256;
  private static final long IDLE_SECONDS = 10;

  private final AtomicInteger made = new AtomicInteger();
  private final ThreadPoolExecutor threads;

  SourceThreads(String sources, int connections) {
    int size = Math.max(1, Math.min(THREADS_MAX, connections));
    this.threads =
        new ThreadPoolExecutor(
            size,
            size,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING_MAX),
            task -> {
              Thread thread = new Thread(task, "enrich-" + sources + "-" + made.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Does it soon.
   *
   * @throws java.util.concurrent.RejectedExecutionException when too much waits already
   */
  void execute(Runnable work) {
    threads.execute(work);
  }
}
