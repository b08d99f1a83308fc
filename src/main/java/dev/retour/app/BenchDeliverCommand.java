package dev.retour.app;

import dev.retour.delivery.Backlog;
import dev.retour.store.Database;
import dev.retour.store.StoreConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

  @Mixin private BenchRelay relay = new BenchRelay();

  @Option(names = "--mails", defaultValue = "50000", description = "Mails, ${DEFAULT-VALUE}.")
  private int mails = 50_000;

  @Option(
      names = "--parked",
      defaultValue = "0",
      description = "Packages that wait for days beside them, ${DEFAULT-VALUE}.")
  private int parked;

  @Option(
      names = "--report-every",
      defaultValue = "0",
      paramLabel = "MAILS",
      description =
          "Prints speed and dead row versions after each so many mails, and compares the last with"
              + " the first; 0: does not.")
  private int reportEvery;

  @Option(
      names = "--raw",
      defaultValue = "0",
      paramLabel = "MAILS",
      description =
          "Before and after hands over so many mails with nothing behind, and says what part of"
              + " that speed the engine reached; 0: does not.")
  private int raw;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    if (!relay.isValid() || mails <= 0 || parked < 0 || reportEvery < 0 || raw < 0) {
      spec.commandLine().getErr().println("--relay is HOST:PORT; numbers are above 0.");
      return 2;
    }
    try (Scratch scratch = relay.scratch()) {
      return measure(relay.settings(scratch, Map.of()));
    } catch (RuntimeException e) {
      throw StartupFaults.sentence(e);
    }
  }

  private int measure(SettingsSource source) {
    PrintWriter out = spec.commandLine().getOut();
    double before = raw == 0 ? 0 : relay.raw(raw);
    Instant now = Instant.now();
    try (Database database = Database.open(StoreConfig.from(source.settings()))) {
      Backlog backlog = new Backlog(database.jdbi());
      backlog.fill(parked, relay.bytes(), now, now.plus(PARKED_FOR));
      backlog.fill(mails, relay.bytes(), now, now);
    }
    out.printf(
        "backlog    %,d mails of %,d bytes, %,d parked beside%n", mails, relay.bytes(), parked);
    out.flush();
    ProcessSetup.apply(source.settings());
    try (Engine engine = Engine.start(source);
        Database database = Database.connect(StoreConfig.from(engine.settings()))) {
      Backlog.Drained end =
          watch(new Backlog(database.jdbi()), new ThroughputReport(out, reportEvery));
      out.printf(
          "drained    %,d sent, %,d left, %,d otherwise: %,.0f a second%n",
          end.sent(), end.open(), end.others(), end.perSecond());
      if (raw > 0) {
        double after = relay.raw(raw);
        out.printf(
            "raw        %,.0f a second before and %,.0f after with nothing behind: the engine reached"
                + " %.0f %% of it%n",
            before, after, 200 * end.perSecond() / (before + after));
      }
      out.flush();
      return end.sent() == mails ? 0 : 1;
    }
  }

  private Backlog.Drained watch(Backlog backlog, ThroughputReport report) {
    relay.watch(backlog, Backlog.Progress::open, now -> report.at(now.attempts(), backlog));
    report.end();
    return backlog.drained();
  }
}
