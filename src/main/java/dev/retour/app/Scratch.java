package dev.retour.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * A folder and ports for one measurement, gone afterwards: what a measurement fills with a million
 * rows is never the database of an engine at work.
 */
final class Scratch implements AutoCloseable {
  private static final int PORTS_FROM = 21_000;
  private static final int PORTS_END = 21_900;
  private static final int TRIES = 200;

  private final Path folder;

  /** A new folder below {@code dir}. */
  Scratch(Path dir) throws IOException {
    folder = Files.createTempDirectory(dir.toAbsolutePath(), "retour-bench");
  }

  Path folder() {
    return folder;
  }

  /** The defaults with an embedded database in the folder of this name, and with other values. */
  SettingsSource settings(String name, Map<String, String> more) throws IOException {
    Map<String, String> flags = new LinkedHashMap<>();
    flags.put("store.data-dir", folder.resolve(name).toString());
    flags.put("store.postgres-port", freePort());
    flags.putAll(more);
    return SettingsSource.read(folder.resolve("application.properties"), flags, Map.of());
  }

  static String freePort() throws IOException {
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(PORTS_FROM, PORTS_END);
      try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return Integer.toString(probe.getLocalPort());
      } catch (IOException taken) {
        // Somebody else has it; the next one may be free.
      }
    }
    throw new IOException("No port from " + PORTS_FROM + " to " + PORTS_END + " is free.");
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> below = Files.walk(folder)) {
      for (Path each : below.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    }
  }
}
