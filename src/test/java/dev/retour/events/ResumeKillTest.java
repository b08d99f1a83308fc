package dev.retour.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.retour.support.Await;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The process that resumes a message is killed by SIGKILL before the first page of its waiting
 * events, and within the second. Another one goes on: none is left, and none goes out twice.
 */
class ResumeKillTest {
  private static final int WAITING = 1_300;
  private static final String NAME = "victim";

  @TempDir private Path dir;

  @Test
  void killed_before_the_first_page_all_go_on_after_a_restart() throws Exception {
    run(1, false, 0);
  }

  @Test
  void killed_within_the_second_page_all_go_on_after_a_restart() throws Exception {
    run(2, true, 1_000);
  }

  private void run(int page, boolean executed, int released) throws Exception {
    TestDatabase.Named database = TestDatabase.named();
    Jdbi jdbi = database.jdbi();
    Path folder = dir.resolve("messages");
    TickingClock clock = new TickingClock();
    MessageRoom before = new MessageRoom(folder, jdbi, clock).write("First [=ctx.name]").publish();
    before.pause();
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < WAITING; i++) {
      lines.append("{\"email\":\"a@example.com\",\"ctx\":{\"name\":\"n%d\"}}\n".formatted(i));
    }
    before.events().batches().accept(MessageRoom.TYPE, lines.toString().getBytes(UTF_8), null);
    assertThat(count(jdbi, "status = 'paused'")).isEqualTo(WAITING);
    before.write("Second [=ctx.name]");

    Path log = dir.resolve("log");
    Process victim = start(database.url(), folder, page, executed, log);
    try {
      Await.until(
          "the victim at page " + page,
          () -> Files.exists(log) && Files.readString(log).contains("HERE"),
          () -> Files.readString(log));
    } finally {
      victim.destroyForcibly();
    }
    assertThat(victim.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(victim.exitValue()).as("SIGKILL").isEqualTo(137);
    Await.until(
        "the end of its sessions",
        () ->
            jdbi.withHandle(
                handle ->
                    handle
                            .createQuery(
                                "SELECT count(*) FROM pg_stat_activity WHERE application_name = ?"
                                    + " AND datname = current_database()")
                            .bind(0, NAME)
                            .mapTo(Integer.class)
                            .one()
                        == 0));
    assertThat(count(jdbi, "status = 'pending'")).isEqualTo(released);
    assertThat(count(jdbi, "status = 'paused'")).isEqualTo(WAITING - released);

    MessageRoom after = new MessageRoom(folder, jdbi, clock);
    after.turn().turn();
    assertThat(count(jdbi, "status = 'processing' AND version = 2")).isEqualTo(WAITING);
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < WAITING; i++) {
      expected.add("Second n" + i);
    }
    assertThat(after.subjects()).containsExactlyInAnyOrderElementsOf(expected);
  }

  private static int count(Jdbi jdbi, String condition) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT count(*) FROM event WHERE " + condition)
                .mapTo(Integer.class)
                .one());
  }

  private static Process start(String url, Path folder, int page, boolean executed, Path log)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m", "-cp"));
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.addAll(
        List.of(
            Victim.class.getName(),
            url,
            folder.toString(),
            Integer.toString(page),
            Boolean.toString(executed)));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
        .start();
  }

  /** Resumes the message, and stands still at a page until it is killed. */
  public static final class Victim {
    private Victim() {}

    /**
     * Runs it.
     *
     * @param args JDBC URL, folder of the messages, number of the page, and whether that is carried
     *     out (and not committed) first
     */
    public static void main(String[] args) {
      HikariConfig pool = new HikariConfig();
      pool.setJdbcUrl(args[0]);
      pool.setMaximumPoolSize(4);
      pool.addDataSourceProperty("ApplicationName", NAME);
      Jdbi jdbi = Jdbi.create(new HikariDataSource(pool));
      jdbi.setSqlLogger(new AtPage(Integer.parseInt(args[2]), Boolean.parseBoolean(args[3])));
      new MessageRoom(Path.of(args[1]), jdbi, new TickingClock()).resume().follow();
      System.out.println("Nobody killed it.");
    }
  }

  private static final class AtPage implements SqlLogger {
    private final int page;
    private final boolean executed;
    private int pages;

    AtPage(int page, boolean executed) {
      this.page = page;
      this.executed = executed;
    }

    @Override
    public void logBeforeExecution(StatementContext context) {
      if (isPage(context) && ++pages == page && !executed) {
        stand();
      }
    }

    @Override
    public void logAfterExecution(StatementContext context) {
      if (isPage(context) && pages == page && executed) {
        stand();
      }
    }

    private static boolean isPage(StatementContext context) {
      String sql = String.valueOf(context.getRawSql());
      return sql.contains("SET status = 'pending'") && sql.contains("status = 'paused'");
    }

    private static void stand() {
      System.out.println("HERE");
      System.out.flush();
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
