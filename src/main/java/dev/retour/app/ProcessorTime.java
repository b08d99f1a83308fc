package dev.retour.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Processor time used so far. On a machine that others use as well it says what work costs where
 * the clock on the wall says how busy they were.
 *
 * @param own of this process
 * @param database of the embedded PostgreSQL, all its processes together
 */
record ProcessorTime(Duration own, Duration database) {
  /**
   * Reads it.
   *
   * @param dataDir of the embedded PostgreSQL
   */
  static ProcessorTime now(Path dataDir) throws IOException {
    String pid =
        Files.readAllLines(dataDir.resolve("postgres").resolve("postmaster.pid")).get(0).strip();
    Duration database =
        ProcessHandle.of(Long.parseLong(pid)).stream()
            .flatMap(postmaster -> Stream.concat(Stream.of(postmaster), postmaster.descendants()))
            .map(process -> process.info().totalCpuDuration())
            .flatMap(Optional::stream)
            .reduce(Duration.ZERO, Duration::plus);
    Duration own = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    return new ProcessorTime(own, database);
  }

  /** What was used since then. */
  ProcessorTime since(ProcessorTime earlier) {
    return new ProcessorTime(own.minus(earlier.own), database.minus(earlier.database));
  }

  /** For each of so many things, in words. */
  String each(long things) {
    double ownMicros = own.toNanos() / 1e3 / things;
    double databaseMicros = database.toNanos() / 1e3 / things;
    return "%.0f µs of processor time each (clients and engine %.0f, PostgreSQL %.0f): %,.0f a second and processor"
        .formatted(
            ownMicros + databaseMicros,
            ownMicros,
            databaseMicros,
            1e6 / (ownMicros + databaseMicros));
  }
}
