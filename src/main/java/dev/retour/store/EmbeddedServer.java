package dev.retour.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embedded PostgreSQL in the data folder: the real server, with everything on that a durable
 * queue needs (fsync, full_page_writes, synchronous_commit, a password).
 *
 * <p>A postmaster that a killed Retour left behind is adopted when it listens on the right port and
 * stopped when it does not; a pid file whose process is gone, or is no PostgreSQL, does not block.
 */
final class EmbeddedServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedServer.class);
  static final String USER = "postgres";
  private static final String PASSWORD_FILE = "postgres.password";
  private static final Duration START_WAIT = Duration.ofSeconds(60);
  private static final Duration STOP_WAIT = Duration.ofSeconds(20);

  private final EmbeddedPostgres postgres;
  private final int port;
  private final String password;

  private EmbeddedServer(EmbeddedPostgres postgres, int port, String password) {
    this.postgres = postgres;
    this.port = port;
    this.password = password;
  }

  /**
   * Starts or adopts the server.
   *
   * @throws StoreException with one sentence when the folder or the port cannot be used
   */
  static EmbeddedServer start(Path dataDir, int port) {
    Path cluster = dataDir.resolve("postgres");
    try {
      Files.createDirectories(dataDir);
      if (!Files.isWritable(dataDir)) {
        throw new StoreException(unusable(dataDir));
      }
      clearTheWay(cluster, port);
      Path passwordFile = passwordFile(dataDir);
      String password = Files.readString(passwordFile);
      EmbeddedPostgres postgres =
          EmbeddedPostgres.builder()
              .setDataDirectory(cluster.toAbsolutePath())
              .setCleanDataDirectory(false)
              .setRegisterShutdownHook(false)
              .setOverrideWorkingDirectory(
                  dataDir.resolve("postgres-binaries").toAbsolutePath().toFile())
              .setPort(port)
              .setPGStartupWait(START_WAIT)
              .setLocaleConfig("locale", "C")
              .setLocaleConfig("auth", "scram-sha-256")
              .setLocaleConfig("pwfile", passwordFile.toAbsolutePath().toString())
              .setConnectConfig("password", password)
              .setServerConfig("listen_addresses", "127.0.0.1")
              .setServerConfig("unix_socket_directories", "")
              .setServerConfig("fsync", "on")
              .setServerConfig("full_page_writes", "on")
              .setServerConfig("synchronous_commit", "on")
              .setServerConfig("max_connections", "120")
              // Everybody who commits waits while a new piece of the log is filled with zeros, and
              // while a checkpoint has the disk take what lies in the system's memory: few
              // checkpoints, pieces that are used again, and no more than 256 kB that lies there.
              .setServerConfig("wal_init_zero", "off")
              .setServerConfig("min_wal_size", "512MB")
              .setServerConfig("max_wal_size", "2GB")
              .setServerConfig("backend_flush_after", "256kB")
              .setServerConfig("timezone", "UTC")
              // The password is 192 random bits: slow hashing would add nothing but time to each
              // connection.
              .setServerConfig("scram_iterations", "1")
              .setOutputRedirector(
                  ProcessBuilder.Redirect.appendTo(dataDir.resolve("postgres.log").toFile()))
              .setErrorRedirector(
                  ProcessBuilder.Redirect.appendTo(dataDir.resolve("postgres.log").toFile()))
              .start();
      return new EmbeddedServer(postgres, port, password);
    } catch (IOException e) {
      throw new StoreException(
          "Embedded PostgreSQL does not start in "
              + dataDir
              + " ("
              + e.getMessage()
              + "); its own words are at the end of "
              + dataDir.resolve("postgres.log")
              + ".",
          e);
    } catch (IllegalStateException e) {
      throw new StoreException(
          "The data folder "
              + dataDir
              + " is in use by another Retour ("
              + e.getMessage()
              + "); stop it or choose another folder with --data-dir.",
          e);
    }
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  String jdbcUrl() {
    return "jdbc:postgresql://" + address() + "/";
  }

  String user() {
    return USER;
  }

  /** The password of the server that belongs to a data folder. */
  static String password(Path dataDir) throws IOException {
    return Files.readString(dataDir.resolve(PASSWORD_FILE));
  }

  String password() {
    return password;
  }

  @Override
  public void close() {
    try {
      postgres.close();
    } catch (IOException e) {
      log.warn("Embedded PostgreSQL did not stop cleanly; it recovers at the next start.", e);
    }
  }

  /** Deals with what an earlier process left: an orphaned postmaster or its pid file. */
  private static void clearTheWay(Path cluster, int port) throws IOException {
    Path pidFile = cluster.resolve("postmaster.pid");
    if (Files.exists(pidFile)) {
      List<String> lines = Files.readAllLines(pidFile);
      Optional<ProcessHandle> postmaster = postmaster(lines);
      if (postmaster.isEmpty()) {
        log.info("Removing the pid file of a PostgreSQL that is gone; it recovers by itself.");
        Files.delete(pidFile);
      } else if (lines.size() > 3 && lines.get(3).strip().equals(Integer.toString(port))) {
        log.info("Adopting the PostgreSQL a killed Retour left behind.");
        return;
      } else {
        stop(postmaster.get());
      }
    }
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new StoreException(
          "Port "
              + port
              + " for embedded PostgreSQL is in use by another program; choose another with"
              + " --postgres-port.",
          e);
    }
  }

  private static Optional<ProcessHandle> postmaster(List<String> pidFile) {
    if (pidFile.isEmpty() || !pidFile.get(0).strip().matches("[0-9]{1,10}")) {
      return Optional.empty();
    }
    return ProcessHandle.of(Long.parseLong(pidFile.get(0).strip()))
        .filter(ProcessHandle::isAlive)
        .filter(handle -> handle.info().command().orElse("postgres").contains("postgres"));
  }

  private static void stop(ProcessHandle postmaster) throws IOException {
    log.info("Stopping the PostgreSQL a killed Retour left behind on another port.");
    // SIGINT is PostgreSQL's fast shutdown; ProcessHandle could only send SIGTERM, which waits for
    // every client.
    new ProcessBuilder("kill", "-INT", Long.toString(postmaster.pid())).start();
    try {
      postmaster.onExit().get(STOP_WAIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for PostgreSQL to stop", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new StoreException(
          "The PostgreSQL an earlier Retour left behind (process "
              + postmaster.pid()
              + ") does not stop; end it by hand.",
          e);
    }
  }

  private static Path passwordFile(Path dataDir) throws IOException {
    Path file = dataDir.resolve(PASSWORD_FILE);
    if (!Files.exists(file)) {
      byte[] random = new byte[24];
      new SecureRandom().nextBytes(random);
      if (dataDir.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
      Files.writeString(file, HexFormat.of().formatHex(random));
    }
    return file;
  }

  private static String unusable(Path dataDir) {
    return "The data folder "
        + dataDir.toAbsolutePath()
        + " cannot be written; change its owner or choose another with --data-dir.";
  }
}
