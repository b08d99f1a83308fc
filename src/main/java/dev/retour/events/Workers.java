package dev.retour.events;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A few threads that do the same for many things; they end by themselves when there is nothing.
 * None of them is virtual, whatever the caller is: templates may be rendered in them.
 */
final class Workers {
  private static final int THREADS_MAX = 16;
  private static final long IDLE_SECONDS = 10;

  private final AtomicInteger made = new AtomicInteger();
  private final ThreadPoolExecutor threads;

  Workers(String name, int processors) {
    int size = Math.max(1, Math.min(THREADS_MAX, processors));
    this.threads =
        new ThreadPoolExecutor(
            size,
            size,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, name + "-" + made.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Does it for each, and returns when all are done.
   *
   * @throws RuntimeException the first one that was thrown, with the others suppressed; all the
   *     same each was tried
   */
  <T> void forEach(List<T> things, Consumer<T> work) {
    List<Future<?>> running = new ArrayList<>();
    for (T thing : things) {
      running.add(threads.submit(() -> work.accept(thing)));
    }
    RuntimeException fault = null;
    for (Future<?> each : running) {
      fault = awaited(each, fault);
    }
    if (fault != null) {
      throw fault;
    }
  }

  private static @Nullable RuntimeException awaited(
      Future<?> running, @Nullable RuntimeException earlier) {
    try {
      running.get();
      return earlier;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      RuntimeException fault =
          e.getCause() instanceof RuntimeException known
              ? known
              : new IllegalStateException("Work ended by an unexpected fault.", e.getCause());
      if (earlier == null) {
        return fault;
      }
      if (fault != earlier) {
        earlier.addSuppressed(fault);
      }
      return earlier;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      running.cancel(true);
      return earlier == null
          ? new IllegalStateException("Stopped before all was done.", e)
          : earlier;
    }
  }
}
