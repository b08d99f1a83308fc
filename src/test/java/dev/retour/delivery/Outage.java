package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.support.Await;
import dev.retour.support.CountingSink;
import dev.retour.support.OwnPostgres;
import dev.retour.support.SmallDisk;
import dev.retour.support.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/**
 * Sending processes under load, and what goes away meanwhile: the lower rows of the kill matrix.
 */
final class Outage implements AutoCloseable {
  private static final int PACKAGES = 1_000;
  private static final int UNDER_WAY = 80;
  private static final int CONCURRENCY = 4;
  private static final int DISK_MEGABYTES = 256;
  private static final long PATIENCE_SECONDS = 60;
  private static final String STORE_AWAY = "sending pauses until it does";

  private static final String UNFINISHED =
      """
      SELECT concat_ws(', ', p.count || ' ' || p.state, 'due ' || p.due, 'held for ' || p.held,
                       'lease until ' || p.lease, p.spent || ' spent', p.phases, p.failure_text)
        FROM (SELECT count(*), w.state, w.attempts - w.unspent AS spent, o.held, w.failure_text,
                     min(w.due_at) AS due, min(w.lease_until) AS lease, a.phases
                FROM work_package w JOIN work_package_open o ON o.package_id = w.id
                CROSS JOIN LATERAL (SELECT string_agg(phase, ' ' ORDER BY number) AS phases
                                      FROM attempt WHERE package_id = w.id) a
               GROUP BY w.state, spent, o.held, w.failure_text, a.phases
               ORDER BY count(*) DESC LIMIT 20) p""";

  /** What goes away. */
  enum Kind {
    POSTGRESQL("PostgreSQL stopped and started"),
    SINK("sink gone and back"),
    DISK("disk full of the data directory"),
    SIDECAR("one of two sidecars, under load");

    private final String title;

    Kind(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  /** One run. */
  private record Scene(Jdbi jdbi, CountingSink sink, List<Process> senders, Path log) {}

  private final Path dir;
  private final Kind kind;
  private final @Nullable SmallDisk disk;
  private final @Nullable OwnPostgres postgres;

  /** With a database of its own where that one suffers. */
  Outage(Path dir, Kind kind) throws IOException, InterruptedException {
    this.dir = dir;
    this.kind = kind;
    disk = kind == Kind.DISK ? disk(dir) : null;
    Path data = disk == null ? dir.resolve("data") : disk.path().resolve("data");
    boolean suffers = kind == Kind.DISK || kind == Kind.POSTGRESQL;
    postgres = suffers ? new OwnPostgres(data) : null;
  }

  private static SmallDisk disk(Path dir) throws IOException, InterruptedException {
    return SmallDisk.at(dir.resolve("disk"), DISK_MEGABYTES)
        .orElseThrow(() -> new TestAbortedException(SmallDisk.NONE));
  }

  void run(int run, KillTally tally) throws Exception {
    TestDatabase.@Nullable Named named = postgres == null ? TestDatabase.named() : null;
    String url = postgres == null ? named.url() : postgres.url();
    Jdbi jdbi = postgres == null ? named.jdbi() : postgres.jdbi();
    Path log = dir.resolve(kind + "-" + run + ".log");
    try (CountingSink sink = new CountingSink(run % 2 == 1)) {
      List<Long> ids = enqueue(jdbi, sink);
      CountDownLatch loaded = new CountDownLatch(1);
      sink.watch(
          (step, mail) -> {
            if (mail >= UNDER_WAY) {
              loaded.countDown();
            }
          });
      List<Process> senders = new ArrayList<>();
      try {
        for (String node : kind == Kind.SIDECAR ? List.of("one", "two") : List.of("one")) {
          senders.add(
              SenderProcess.start(
                  url, sink.port(), node, CONCURRENCY, DyingConnections.At.NEVER, log));
        }
        assertThat(loaded.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("%s", log).isTrue();
        Set<Long> gap = happen(new Scene(jdbi, sink, senders, log));
        assertThat(open(jdbi)).as("packages still to send: the load went on").isPositive();
        Await.until("every package", () -> open(jdbi) == 0, () -> unfinished(jdbi, log));
        tally.count(jdbi, sink, ids, kind == Kind.SIDECAR ? gap : KillTally.unanswered(jdbi, sink));
      } finally {
        for (Process sender : senders) {
          sender.destroyForcibly().waitFor();
        }
      }
      sink.settle();
    }
    if (postgres != null) {
      postgres.empty();
    }
  }

  private Set<Long> happen(Scene scene) throws Exception {
    switch (kind) {
      case POSTGRESQL -> {
        postgres.stop();
        Await.until("the sender's notice", () -> Files.readString(scene.log).contains(STORE_AWAY));
        postgres.start();
      }
      case SINK -> sink(scene);
      case DISK -> {
        Await.until(
            "the sender's notice",
            () -> {
              disk.fill(); // what the database gives back meanwhile, too
              return Files.readString(scene.log).contains("No space left on device");
            });
        disk.free();
        if (!postgres.isRunning()) {
          postgres.start();
        }
      }
      default -> {
        return sidecar(scene);
      }
    }
    return Set.of();
  }

  /**
   * Gone while it holds some mails it has taken and not yet answered, and has told the sender of
   * another one to begin.
   */
  private static void sink(Scene scene) {
    Semaphore hold = new Semaphore(CONCURRENCY / 2);
    CountDownLatch gone = new CountDownLatch(1);
    scene.sink.watch(
        (step, mail) -> {
          if (step == CountingSink.Step.DOT && hold.tryAcquire()) {
            await(gone);
          } else if (step == CountingSink.Step.BEGUN && hold.availablePermits() == 0) {
            scene.sink.close();
            gone.countDown();
          }
        });
    await(gone);
    scene.sink.watch((step, mail) -> {});
    Await.until("mails that wait for the relay", () -> count(scene.jdbi, "unspent > 0") > 0);
    scene.sink.comeBack();
  }

  /** SIGKILL while both send; the other one takes over when the lease has run out. */
  private static Set<Long> sidecar(Scene scene) throws InterruptedException {
    Await.until(
        "both to send",
        () ->
            scene.jdbi.withHandle(
                    h ->
                        h.createQuery(
                                "SELECT count(DISTINCT owner) FROM attempt"
                                    + " WHERE phase = 'accepted'")
                            .mapTo(Integer.class)
                            .one())
                == 2);
    scene.senders.get(0).destroyForcibly().waitFor();
    return SenderProcess.gapOf("one", scene.jdbi);
  }

  private static List<Long> enqueue(Jdbi jdbi, CountingSink sink) {
    try (DeliveryFixture house =
        new DeliveryFixture(
            jdbi,
            InstantSource.system(),
            InstantSource.system(),
            DeliveryFixture.shippedRules(),
            Map.of("smtp.port", Integer.toString(sink.port()), "smtp.tls", "disabled"))) {
      return house.enqueue(PACKAGES);
    }
  }

  /** What is not over, so that a failure explains itself. */
  private static String unfinished(Jdbi jdbi, Path log) {
    return jdbi.withHandle(
            h ->
                h.createQuery(UNFINISHED)
                    .map((row, context) -> "\n  " + row.getString(1))
                    .collect(Collectors.joining()))
        + "\n  log: "
        + log;
  }

  private static int open(Jdbi jdbi) {
    return count(jdbi, "state IN ('ready', 'waiting', 'sending')");
  }

  private static int count(Jdbi jdbi, String where) {
    return jdbi.withHandle(
        h ->
            h.createQuery("SELECT count(*) FROM work_package WHERE " + where)
                .mapTo(Integer.class)
                .one());
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    if (postgres != null) {
      postgres.close();
    }
    if (disk != null) {
      disk.close();
    }
  }
}
