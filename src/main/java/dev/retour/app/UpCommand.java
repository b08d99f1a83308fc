package dev.retour.app;

import dev.retour.sandbox.SandboxConfig;
import dev.retour.store.StoreConfig;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code retour up}: runs the engine until it is told to stop. */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    description =
        "Runs the engine: database, routes, console; the sandbox mail world when no relay"
            + " is set. Ctrl-C stops it.")
final class UpCommand implements Callable<Integer> {
  @Mixin private SettingsFlags flags = new SettingsFlags();

  @Override
  public Integer call() throws InterruptedException {
    SettingsSource source = flags.read();
    ProcessSetup.apply(source.settings());
    Engine engine = Engine.start(source);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  engine.close();
                  stopped.countDown();
                },
                "shutdown"));
    greet(engine);
    stopped.await();
    return 0;
  }

  private void greet(Engine engine) {
    PrintWriter out = new PrintWriter(System.out, false, Charset.defaultCharset());
    out.println("Retour is up: routes started" + sinceStart() + ".");
    out.println("  Console   " + engine.consoleUrl());
    if (engine.inSandbox()) {
      SandboxConfig sandbox = SandboxConfig.from(engine.settings());
      out.printf(
          "  Sandbox   SMTP 127.0.0.1:%d, IMAP :%d, POP3 :%d (no smtp.host is set; nothing leaves"
              + " this machine)%n",
          sandbox.smtpPort(), sandbox.imapPort(), sandbox.pop3Port());
    }
    StoreConfig store = StoreConfig.from(engine.settings());
    out.println(
        store.jdbcUrl().isEmpty()
            ? "  Database  embedded PostgreSQL, 127.0.0.1:"
                + store.embeddedPort()
                + ", in "
                + store.dataDir()
            : "  Database  " + store.jdbcUrl().replaceAll("password=[^&]*", "password=***"));
    out.println("Stop with Ctrl-C.");
    out.flush();
  }

  /**
   * Since the launcher started the JVM; it says when, because asking the JVM's beans costs time.
   */
  private static String sinceStart() {
    long started = Long.getLong("retour.started-micros", 0);
    long millis = System.currentTimeMillis() - started / 1_000;
    return started == 0 ? "" : String.format(Locale.ROOT, " in %.1f s", millis / 1000.0);
  }
}
