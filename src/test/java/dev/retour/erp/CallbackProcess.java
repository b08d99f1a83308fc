package dev.retour.erp;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.apache.camel.main.Main;
import org.jdbi.v3.core.Jdbi;

/**
 * A process of its own that tells the ERP what is due, with the shipped routes, until it is killed.
 */
public final class CallbackProcess {
  private CallbackProcess() {}

  static Process start(String jdbcUrl, String url, String node, Path log) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            CallbackProcess.class.getName(),
            jdbcUrl,
            url,
            node)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
        .start();
  }

  /** Arguments: JDBC URL, address of the ERP, name of the node. */
  public static void main(String[] args) throws Exception {
    HikariConfig pool = new HikariConfig();
    pool.setJdbcUrl(args[0]);
    pool.setMaximumPoolSize(4);
    Main main = new Main();
    routes(
        main,
        new CallbackFixture(
            Jdbi.create(new HikariDataSource(pool)),
            InstantSource.system(),
            InstantSource.system(),
            Map.of(
                "callback.url",
                args[1],
                "callback.answer-timeout",
                "60s",
                "delivery.node",
                args[2],
                "delivery.lease",
                "3s")));
    main.run();
  }

  /** The shipped routes that tell the ERP. */
  static void routes(Main main, CallbackFixture house) {
    house.beans.forEach((name, byType) -> main.bind(name, byType.values().iterator().next()));
    main.addOverrideProperty("callback.enabled", "true");
    main.addOverrideProperty("callback.concurrency", "2");
    main.addOverrideProperty("camel.component.direct.block", "false");
    main.addOverrideProperty("camel.main.shutdownTimeout", "5");
    main.addOverrideProperty(
        "camel.main.routesIncludePattern",
        "file:routes/failure-policies.camel.yaml,file:routes/erp/callbacks.camel.yaml");
  }
}
