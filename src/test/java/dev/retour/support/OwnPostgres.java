package dev.retour.support;

import dev.retour.config.Settings;
import dev.retour.store.Database;
import dev.retour.store.StoreConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;

/**
 * The embedded PostgreSQL as the product starts it, in a folder of one's own: it may be stopped.
 */
public final class OwnPostgres implements AutoCloseable {
  private static final long WAIT_SECONDS = 60;

  private final Path dir;
  private final Database database;
  private final String url;
  private final Path control;

  /** Starts and migrates one below {@code dir}. */
  public OwnPostgres(Path dir) throws IOException {
    this.dir = dir;
    int port = Ports.free();
    database =
        Database.open(
            StoreConfig.from(
                Settings.of(
                    Map.of(
                        "store.data-dir", dir.toString(),
                        "store.postgres-port", Integer.toString(port),
                        "store.connection-timeout", "1s"))));
    url =
        "jdbc:postgresql://127.0.0.1:"
            + port
            + "/retour?user=postgres&password="
            + Files.readString(dir.resolve("postgres.password")).strip();
    // Beside the program itself: another test of this JVM may have unpacked it elsewhere.
    control = Path.of(postmaster().info().command().orElseThrow()).resolveSibling("pg_ctl");
  }

  public Database database() {
    return database;
  }

  public Jdbi jdbi() {
    return database.jdbi();
  }

  /** For another process. */
  public String url() {
    return url;
  }

  public boolean isRunning() throws IOException {
    return Files.exists(pidFile()) && !Files.readAllLines(pidFile()).isEmpty() && isAlive();
  }

  /** A fast shutdown, as an operator's restart does it; clients are cut off at once. */
  public void stop() throws IOException, InterruptedException {
    ProcessHandle postmaster = postmaster();
    new ProcessBuilder("kill", "-INT", Long.toString(postmaster.pid())).start().waitFor();
    Await.until("the end of PostgreSQL", () -> !postmaster.isAlive());
  }

  /** Started again with the options it was started with. */
  public void start() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      command.addAll(List.of("unshare", "-U")); // PostgreSQL refuses to run as root
    }
    command.addAll(List.of(control.toString(), "-D", dir.resolve("postgres").toString()));
    command.addAll(List.of("-l", dir.resolve("postgres-again.log").toString(), "-w", "restart"));
    Path log = dir.resolve("restart.log");
    Process restart =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (!restart.waitFor(WAIT_SECONDS, TimeUnit.SECONDS) || restart.exitValue() != 0) {
      throw new AssertionError("PostgreSQL does not start again: " + Files.readString(log));
    }
  }

  /** Takes every row out of every table, for the next run. */
  public void empty() {
    jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    handle
                        .createQuery(
                            "SELECT 'TRUNCATE ' || string_agg(quote_ident(tablename), ', ')"
                                + " || ' CASCADE' FROM pg_tables WHERE schemaname = 'public'"
                                + " AND tablename <> 'flyway_schema_history'")
                        .mapTo(String.class)
                        .one()));
  }

  @Override
  public void close() {
    database.close();
  }

  private boolean isAlive() throws IOException {
    return ProcessHandle.of(pid()).map(ProcessHandle::isAlive).orElse(false);
  }

  private ProcessHandle postmaster() throws IOException {
    return ProcessHandle.of(pid()).orElseThrow();
  }

  private long pid() throws IOException {
    return Long.parseLong(Files.readAllLines(pidFile()).get(0).strip());
  }

  private Path pidFile() {
    return dir.resolve("postgres/postmaster.pid");
  }
}
