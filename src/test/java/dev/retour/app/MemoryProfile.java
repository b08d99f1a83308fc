package dev.retour.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.delivery.Backlog;
import dev.retour.support.Await;
import dev.retour.support.CountingSink;
import dev.retour.support.OwnPostgres;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real process with a heap of 128 MB before a queue of a million due mails. No test of the
 * build; see docs/performance.md for its command. {@code -Dmemory.packages=N} makes it shorter,
 * {@code -Dmemory.heap=128m} sets the heap.
 */
class MemoryProfile {
  private static final int PACKAGES = Integer.getInteger("memory.packages", 1_000_000);
  private static final int BYTES = Integer.getInteger("memory.bytes", 5_000);
  private static final int SENT = Integer.getInteger("memory.sent", 20_000);
  private static final String HEAP = System.getProperty("memory.heap", "128m");
  private static final int FIRST = 2_000;
  private static final double SECOND = 1e9;

  @TempDir Path dir;

  @Test
  void a_million_queued_packages_need_no_more_heap_than_none() throws Exception {
    try (RetourProcess retour = new RetourProcess(dir);
        CountingSink sink = new CountingSink(true)) {
      retour.javaOptions = "-Xmx" + HEAP;
      String[] relay = {
        "--smtp-host", "127.0.0.1",
        "--set", "smtp.port=" + sink.port(),
        "--set", "smtp.tls=disabled",
        "--set", "delivery.return-path-domain=bounces.example.org",
        "--set", "delivery.errors-to=erp@example.org"
      };
      fill();
      long start = System.nanoTime();
      retour.up(relay);
      print("started", start, retour);
      Await.until("the first mails", () -> sink.takenInAll() >= FIRST);
      print(String.format(Locale.ROOT, "first %,d sent", FIRST), start, retour);
      answers(retour);
      Await.until("mails sent", () -> sink.takenInAll() >= SENT);
      print(String.format(Locale.ROOT, "%,d sent", SENT), start, retour);
      answers(retour);
      retour.stop();
      assertThat(Files.readString(dir.resolve("log"))).doesNotContain("OutOfMemoryError");
    }
  }

  /** The database alone: an engine would send what is due while it is filled. */
  private void fill() throws Exception {
    try (OwnPostgres postgres = new OwnPostgres(dir.resolve("data"))) {
      Instant now = Instant.now();
      new Backlog(postgres.jdbi()).fill(PACKAGES, BYTES, now, now);
    }
  }

  /** What people ask while it sends. */
  private void answers(RetourProcess retour) throws Exception {
    timed("health", () -> assertThat(retour.get("/observe/health").status()).isEqualTo(200));
    timed("first page", () -> assertThat(retour.get("/").status()).isEqualTo(200));
    timed(
        "GET /api/v1/queue",
        () -> assertThat(retour.get("/api/v1/queue?state=ready").status()).isEqualTo(200));
    timed("./retour queue list", () -> assertThat(retour.command("queue", "list")).isZero());
    timed(
        "./retour queue list --domain",
        () -> assertThat(retour.command("queue", "list", "--domain", "example.com")).isZero());
  }

  private interface Question {
    void ask() throws Exception;
  }

  private static void timed(String what, Question question) throws Exception {
    long start = System.nanoTime();
    question.ask();
    System.out.printf(
        Locale.ROOT, "memory:   %-32s %6.2f s%n", what, (System.nanoTime() - start) / SECOND);
  }

  private static void print(String what, long start, RetourProcess retour) throws IOException {
    List<String> memory = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/" + retour.pid() + "/status"))) {
      if (line.startsWith("VmHWM") || line.startsWith("VmRSS")) {
        memory.add(line.replaceAll("\\s+", " "));
      }
    }
    System.out.printf(
        Locale.ROOT,
        "memory: -Xmx%s, %,d queued: %s after %.1f s; %s; load %.1f%n",
        HEAP,
        PACKAGES,
        what,
        (System.nanoTime() - start) / SECOND,
        String.join(", ", memory),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }
}
