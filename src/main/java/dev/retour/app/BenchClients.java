package dev.retour.app;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Clients that post side by side, each on a connection of its own. */
final class BenchClients implements AutoCloseable {
  private final int clients;
  private final ExecutorService pool;

  BenchClients(int clients) {
    this.clients = clients;
    this.pool = Executors.newFixedThreadPool(clients);
  }

  /** What one client does, again and again. */
  interface Turn {
    /** False when there is nothing left to do. */
    boolean of(BenchClient client) throws IOException;
  }

  /**
   * Returns when none of them has anything left to do.
   *
   * @throws StartupException with one sentence when something was not accepted
   */
  void run(URI url, Turn turn) {
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      running.add(
          pool.submit(
              () -> {
                try (BenchClient client = new BenchClient(url)) {
                  boolean more = true;
                  while (more) {
                    more = turn.of(client);
                  }
                }
                return null;
              }));
    }
    try {
      for (Future<?> each : running) {
        each.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartupException("Interrupted.", e);
    } catch (ExecutionException e) {
      throw new StartupException("An event was not accepted: " + e.getCause(), e);
    }
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
