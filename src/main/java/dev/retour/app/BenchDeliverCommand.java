package dev.retour.app;

import dev.retour.delivery.Backlog;
import dev.retour.store.Database;
import dev.retour.store.StoreConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code retour bench deliver}: how fast the whole engine drains a queue into a relay. */
@Command(
    name = "deliver",
    mixinStandardHelpOptions = true,
    description =
        "Fills the queue of a database of its own and measures how fast a whole engine drains it"
            + " into a relay (use a sink, e.g. smtp-sink of Postfix; every mail is handed over).")
final class BenchDeliverCommand implements java.util.concurrent.Callable<Integer> {
  private static final Duration PARKED_FOR = Duration.ofDays(4);
  private static final Duration PATIENCE = Duration.ofMinutes(30);
  private static final Duration STANDSTILL = Duration.ofSeconds(30);
  private static final int LOOK_MILLIS = 200;

  /** Mails a second below which nobody wants to wait for the end. */
  private static final int SLOWEST_PER_SECOND = 50;

  @Option(
      names = "--relay",
      required = true,
      paramLabel = "HOST:PORT",
      description = "Where to; without TLS and without a login.")
  private String relay = "";

  @Option(names = "--mails", defaultValue = "50000", description = "Mails, ${DEFAULT-VALUE}.")
  private int mails = 50_000;

  @Option(names = "--bytes", defaultValue = "5000", description = "Each, ${DEFAULT-VALUE} bytes.")
  private int bytes = 5_000;

  @Option(
      names = "--parked",
      defaultValue = "0",
      description = "Packages that wait for days beside them, ${DEFAULT-VALUE}.")
  private int parked;

  @Option(
      names = "--connections",
      defaultValue = "16",
      description = "Connections to the relay, ${DEFAULT-VALUE}.")
  private int connections = 16;

  @Option(
      names = "--report-every",
      defaultValue = "0",
      paramLabel = "MAILS",
      description =
          "Prints speed and dead row versions after each so many mails, and compares the last with"
              + " the first; 0: does not.")
  private int reportEvery;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Any other setting.")
  private Map<String, String> more = new LinkedHashMap<>();

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Folder for the database, emptied afterwards (a temporary one).")
  private Path dir = Path.of(System.getProperty("java.io.tmpdir"));

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    int colon = relay.lastIndexOf(':');
    if (colon <= 0 || mails <= 0 || bytes <= 0 || connections <= 0 || reportEvery < 0) {
      spec.commandLine().getErr().println("--relay is HOST:PORT; numbers are above 0.");
      return 2;
    }
    try (Scratch scratch = new Scratch(dir)) {
      return measure(settings(scratch, relay.substring(0, colon), relay.substring(colon + 1)));
    } catch (RuntimeException e) {
      throw StartupFaults.sentence(e);
    }
  }

  private int measure(SettingsSource source) {
    PrintWriter out = spec.commandLine().getOut();
    Instant now = Instant.now();
    try (Database database = Database.open(StoreConfig.from(source.settings()))) {
      Backlog backlog = new Backlog(database.jdbi());
      backlog.fill(parked, bytes, now, now.plus(PARKED_FOR));
      backlog.fill(mails, bytes, now, now);
    }
    out.printf("backlog    %,d mails of %,d bytes, %,d parked beside%n", mails, bytes, parked);
    out.flush();
    ProcessSetup.apply(source.settings());
    try (Engine engine = Engine.start(source);
        Database database = Database.connect(StoreConfig.from(engine.settings()))) {
      Backlog.Drained end =
          watch(new Backlog(database.jdbi()), new ThroughputReport(out, reportEvery));
      out.printf(
          "drained    %,d sent, %,d left, %,d otherwise: %,.0f a second%n",
          end.sent(), end.open(), end.others(), end.perSecond());
      out.flush();
      return end.sent() == mails ? 0 : 1;
    }
  }

  private Backlog.Drained watch(Backlog backlog, ThroughputReport report) {
    Instant patience = Instant.now().plus(PATIENCE).plusSeconds(mails / SLOWEST_PER_SECOND);
    Instant moved = Instant.now();
    Backlog.Progress now = backlog.progress();
    while (now.open() && Instant.now().isBefore(patience)) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
      Backlog.Progress next = backlog.progress();
      report.at(next.attempts(), backlog);
      moved = next.attempts() > now.attempts() ? Instant.now() : moved;
      now = next;
      if (moved.plus(STANDSTILL).isBefore(Instant.now())) {
        throw new StartupException(
            "Nothing was sent for " + STANDSTILL.toSeconds() + " s: does the relay listen?");
      }
    }
    report.end();
    return backlog.drained();
  }

  private SettingsSource settings(Scratch scratch, String host, String port) throws IOException {
    Map<String, String> flags = new LinkedHashMap<>();
    flags.put("http.port", Scratch.freePort());
    flags.put("smtp.host", host);
    flags.put("smtp.port", port);
    flags.put("smtp.tls", "disabled");
    flags.put("delivery.concurrency", Integer.toString(connections));
    flags.put("delivery.batch", Integer.toString(Math.max(1_000, connections)));
    flags.put("delivery.messages-per-connection", "100000");
    flags.put("delivery.return-path-domain", "bounces.example.org");
    flags.putAll(more);
    return scratch.settings("data", flags);
  }
}
