package dev.retour.app;

import dev.retour.sandbox.SandboxConfig;
import dev.retour.store.StoreConfig;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code retour up}: runs the engine until it is told to stop. */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    description =
        "Runs the engine: database, routes, console; the sandbox mail world when no relay"
            + " is set. Ctrl-C stops it.")
final class UpCommand implements Callable<Integer> {
  @Mixin private SettingsFlags flags = new SettingsFlags();

  @Spec private CommandSpec spec = CommandSpec.create();

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
    PrintWriter out = spec.commandLine().getOut();
    long millis = System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
    out.printf("Retour is up: routes started in %.1f s.%n", millis / 1000.0);
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
}
