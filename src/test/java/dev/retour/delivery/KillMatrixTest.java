package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.support.CountingSink;
import dev.retour.support.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.opentest4j.TestAbortedException;

/**
 * A sending process is killed by SIGKILL at each boundary of an attempt, and another one goes on;
 * or what it needs goes away under load. Nothing may be lost, nothing taken twice, and exactly
 * those packages may be uncertain whose mail was handed over without a stored answer.
 *
 * <p>{@code -Dkill.times=20} repeats each; the table is printed and kept in target/kill-matrix.txt.
 */
class KillMatrixTest {
  private static final int TIMES = Integer.getInteger("kill.times", 1);
  private static final int MAILS = 12;
  private static final int CONCURRENCY = 12;
  private static final long PATIENCE_SECONDS = 60;
  private static final Path TABLE = Path.of("target", "kill-matrix.txt");

  /** Where the process dies. */
  enum Boundary {
    CLAIMED(DyingConnections.At.AFTER_CLAIM, null, 0),
    CONNECTED(DyingConnections.At.NEVER, CountingSink.Step.CONNECTED, 0),
    MAIL(DyingConnections.At.NEVER, CountingSink.Step.MAIL, 2),
    RCPT(DyingConnections.At.NEVER, CountingSink.Step.RCPT, 2),
    MID_DATA(DyingConnections.At.NEVER, CountingSink.Step.MID_DATA, 2),
    BODY_SENT(DyingConnections.At.AFTER_BODY_SENT, null, 0),
    FINAL_DOT(DyingConnections.At.NEVER, CountingSink.Step.DOT, 2),
    AFTER_250(DyingConnections.At.NEVER, CountingSink.Step.ANSWERED, 2),
    BEFORE_SETTLE(DyingConnections.At.BEFORE_SETTLE, null, 0),
    MID_BATCH(DyingConnections.At.NEVER, CountingSink.Step.MAIL, MAILS / 2 + 1);

    private final DyingConnections.At byItself;
    private final CountingSink.Step step;
    private final int mail;

    Boundary(DyingConnections.At byItself, CountingSink.Step step, int mail) {
      this.byItself = byItself;
      this.step = step;
      this.mail = mail;
    }

    /** More than the buffers between both hold, where the sender must be caught in its middle. */
    private String text() {
      return this == MID_DATA ? "A line of a long mail.\r\n".repeat(200_000) : "Hi";
    }
  }

  /** What is printed at the end. */
  private static final List<String> rows = new ArrayList<>();

  @TempDir private Path dir;

  @AfterAll
  static void print() throws IOException {
    List<String> table = new ArrayList<>(List.of(KillTally.HEAD));
    table.addAll(rows);
    table.forEach(System.out::println);
    table.add(0, Instant.now().toString());
    Files.createDirectories(TABLE.getParent());
    Files.write(TABLE, table);
  }

  @ParameterizedTest
  @EnumSource(Boundary.class)
  void nothing_is_lost_and_nothing_goes_out_twice(Boundary boundary) throws Exception {
    repeat(
        boundary.name().toLowerCase(Locale.ROOT).replace('_', ' '),
        (run, tally) -> run(boundary, run, tally));
  }

  @ParameterizedTest
  @EnumSource(Outage.Kind.class)
  void nor_under_load_when_something_else_goes_away(Outage.Kind kind) throws Exception {
    try (Outage outage = new Outage(dir, kind)) {
      repeat(kind.title(), outage::run);
    } catch (TestAbortedException e) {
      rows.add(String.format("%-34s SKIPPED: %s", kind.title(), e.getMessage()));
      throw e;
    }
  }

  private interface Run {
    void once(int run, KillTally tally) throws Exception;
  }

  private static void repeat(String title, Run one) throws Exception {
    KillTally tally = new KillTally(title);
    try {
      for (int run = 0; run < TIMES; run++) {
        one.once(run, tally);
      }
    } finally {
      rows.add(tally.toString());
    }
    tally.check();
  }

  private void run(Boundary boundary, int run, KillTally tally) throws Exception {
    TestDatabase.Named database = TestDatabase.named();
    Jdbi jdbi = database.jdbi();
    try (CountingSink sink = new CountingSink(run % 2 == 1);
        DeliveryFixture survivor = survivor(jdbi, sink, run)) {
      List<Long> ids = new ArrayList<>();
      for (int i = 0; i < MAILS; i++) {
        ids.add(
            survivor.enqueue(
                "customer" + i + "@example.com", RedeliveryRequest.NONE, boundary.text()));
      }
      Process victim =
          SenderProcess.start(
              database.url(),
              sink.port(),
              "victim",
              CONCURRENCY,
              boundary.byItself,
              dir.resolve("log"));
      AtomicBoolean killed = new AtomicBoolean();
      if (boundary.step != null) {
        sink.watch(
            (step, mail) -> {
              if (step == boundary.step && mail >= boundary.mail && !killed.getAndSet(true)) {
                kill(victim);
              }
            });
      }
      boolean died = victim.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      victim.destroyForcibly().waitFor();
      assertThat(died).as("died by itself: %s", Files.readString(dir.resolve("log"))).isTrue();
      sink.watch((step, mail) -> {});
      sink.settle();
      Set<Long> gap = SenderProcess.gapOf("victim", jdbi);
      finish(survivor);
      tally.count(jdbi, sink, ids, gap);
    }
  }

  /** Restarted under its own name, or another sidecar that waits for the lease to run out. */
  private static DeliveryFixture survivor(Jdbi jdbi, CountingSink sink, int run) {
    boolean restarted = run % 4 < 2;
    InstantSource later =
        restarted
            ? InstantSource.system()
            : InstantSource.offset(InstantSource.system(), Duration.ofMinutes(5));
    return new DeliveryFixture(
        jdbi,
        InstantSource.system(),
        later,
        DeliveryFixture.shippedRules(),
        Map.of(
            "smtp.port",
            Integer.toString(sink.port()),
            "smtp.tls",
            "disabled",
            "delivery.node",
            restarted ? "victim" : "other"));
  }

  private static void kill(Process victim) {
    victim.destroyForcibly();
    try {
      victim.waitFor(); // the session's thread answers nobody any more
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void finish(DeliveryFixture survivor) {
    survivor.module.queue().releaseOwnFormerLeases();
    survivor.module.queue().releaseDead();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (survivor.sendDue() > 0) {
      assertThat(System.nanoTime()).as("still sending").isLessThan(end);
    }
  }
}
