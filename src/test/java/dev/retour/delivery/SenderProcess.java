package dev.retour.delivery;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.retour.support.Await;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;

/**
 * A process of its own that sends what is queued, with the shipped delivery routes, until it is
 * killed: from outside, or by itself at a boundary only it can see.
 */
public final class SenderProcess {
  private static final int POOL = 12;
  private static final int BATCH = 200;
  private static final int STORE_WAIT_MILLIS = 1_000;

  private SenderProcess() {}

  /** Starts one. */
  static Process start(
      String jdbcUrl, int relayPort, String node, int concurrency, DyingConnections.At at, Path log)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx256m", "-cp"));
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(SenderProcess.class.getName());
    command.addAll(
        List.of(
            jdbcUrl, Integer.toString(relayPort), node, Integer.toString(concurrency), at.name()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
        .start();
  }

  /**
   * What a process held that is dead now: handed over, without a stored answer. Looks only when the
   * database has ended its sessions, as what it had asked for may still be committed until then.
   */
  static Set<Long> gapOf(String node, Jdbi jdbi) {
    Await.until(
        "the end of its sessions",
        () ->
            jdbi.withHandle(
                h ->
                    h.createQuery(
                                "SELECT count(*) FROM pg_stat_activity WHERE datname ="
                                    + " current_database() AND application_name = :node")
                            .bind("node", node)
                            .mapTo(Integer.class)
                            .one()
                        == 0));
    return jdbi.withHandle(
        h ->
            h.createQuery(
                    "SELECT package_id FROM attempt WHERE phase = 'body_sent' AND owner = :node")
                .bind("node", node)
                .mapTo(Long.class)
                .set());
  }

  /**
   * Runs one.
   *
   * @param args JDBC URL, port of the relay, name of the node, concurrency, where to die
   */
  public static void main(String[] args) throws Exception {
    HikariConfig pool = new HikariConfig();
    pool.setJdbcUrl(args[0]);
    pool.setMaximumPoolSize(POOL);
    pool.setConnectionTimeout(STORE_WAIT_MILLIS);
    pool.addDataSourceProperty("ApplicationName", args[2]);
    Jdbi jdbi =
        Jdbi.create(
            new DyingConnections(DyingConnections.At.valueOf(args[4]))
                .over(new HikariDataSource(pool)));
    DeliveryFixture house =
        new DeliveryFixture(
            jdbi,
            InstantSource.system(),
            InstantSource.system(),
            DeliveryFixture.shippedRules(),
            Map.of(
                "smtp.port", args[1],
                "smtp.tls", "disabled",
                "delivery.node", args[2],
                "delivery.lease", "3s",
                "delivery.concurrency", args[3]));
    ShippedRoutes.over(house, Integer.parseInt(args[1]), Integer.parseInt(args[3]), BATCH, Map.of())
        .run();
  }
}
