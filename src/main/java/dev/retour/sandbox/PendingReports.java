package dev.retour.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports that are written but not yet delivered. Each is a file before its mail is answered 250,
 * and stays one until it is in its mailbox: a kill in between delays a bounce, it does not lose it.
 */
final class PendingReports implements AutoCloseable {
  /** Puts a report into a mailbox durably. */
  interface Destination {
    void deliver(SandboxWorld.Account account, byte[] raw) throws IOException;
  }

  private static final Logger log = LoggerFactory.getLogger(PendingReports.class);

  private final Path folder;
  private final Duration after;
  private final Destination destination;
  private final AtomicLong lastNumber = new AtomicLong();
  private final ScheduledExecutorService clockwork =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "sandbox-reports");
            thread.setDaemon(true);
            return thread;
          });

  PendingReports(Path folder, Duration after, Destination destination) {
    this.folder = folder;
    this.after = after;
    this.destination = destination;
  }

  /** Takes up what an earlier process left. */
  void start() throws IOException {
    for (SandboxWorld.Account account : SandboxWorld.Account.values()) {
      for (Path file : DurableFiles.list(Files.createDirectories(folder(account)))) {
        lastNumber.accumulateAndGet(DurableFiles.number(file), Math::max);
        schedule(account, file);
      }
    }
  }

  /** Keeps a report and delivers it after the configured time. */
  void add(SandboxWorld.Account account, byte[] raw) throws IOException {
    Path file = folder(account).resolve(DurableFiles.name(lastNumber.incrementAndGet()));
    DurableFiles.write(file, raw);
    schedule(account, file);
  }

  @Override
  public void close() {
    clockwork.shutdownNow();
  }

  private void schedule(SandboxWorld.Account account, Path file) {
    var unused =
        clockwork.schedule(() -> deliver(account, file), after.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void deliver(SandboxWorld.Account account, Path file) {
    try {
      destination.deliver(account, Files.readAllBytes(file));
      Files.delete(file);
    } catch (IOException | RuntimeException e) {
      log.error("The sandbox could not deliver {}; it is tried again at the next start.", file, e);
    }
  }

  private Path folder(SandboxWorld.Account account) {
    return folder.resolve(account.name().toLowerCase(Locale.ROOT));
  }
}
