package dev.retour.delivery;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.main.Main;
import org.apache.camel.support.SimpleRegistry;
import org.jdbi.v3.core.Jdbi;

/**
 * A process of its own that sends what is queued, with the shipped delivery routes, until it is
 * killed: from outside, or by itself at a boundary only it can see.
 */
public final class SenderProcess {
  private static final int POOL = 12;

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
   * Runs one.
   *
   * @param args JDBC URL, port of the relay, name of the node, concurrency, where to die
   */
  public static void main(String[] args) throws Exception {
    HikariConfig pool = new HikariConfig();
    pool.setJdbcUrl(args[0]);
    pool.setMaximumPoolSize(POOL);
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
    Main main = new Main();
    SimpleRegistry beans = new SimpleRegistry();
    house.module.bind(beans);
    beans.forEach((name, byType) -> main.bind(name, byType.values().iterator().next()));
    main.addOverrideProperty("delivery.concurrency", args[3]);
    main.addOverrideProperty("delivery.batch", "200");
    main.addOverrideProperty("smtp.host", "127.0.0.1");
    main.addOverrideProperty("smtp.port", args[1]);
    main.addOverrideProperty("camel.component.direct.block", "false");
    main.addOverrideProperty(
        "camel.main.routesIncludePattern",
        "file:routes/failure-policies.camel.yaml,file:routes/delivery/*.camel.yaml");
    main.run();
  }
}
