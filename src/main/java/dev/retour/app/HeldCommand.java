package dev.retour.app;

import dev.retour.quarantine.Outage;
import dev.retour.quarantine.OutageDecision;
import dev.retour.quarantine.QuarantineConfig;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ./retour quarantine held …}: what the outage guard asks a person. */
@Command(
    name = "held",
    mixinStandardHelpOptions = true,
    description =
        "Shows the mass quarantines the outage guard holds; its sub-commands decide about them.")
final class HeldCommand implements Runnable {
  private static final int SHOWN_MAX = 20;

  @ParentCommand private QuarantineCommand quarantine = new QuarantineCommand();

  @Option(names = "--all", description = "Also those that were decided.")
  private boolean all;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    with(
        decision -> {
          PrintWriter out = spec.commandLine().getOut();
          List<Outage> outages = decision.list(all);
          outages.forEach(outage -> show(out, outage));
          if (outages.isEmpty()) {
            out.println("Nothing is held.");
          }
          out.flush();
          return 0;
        });
  }

  @Command(
      name = "quarantine",
      description = "The addresses are really gone: carries the held decisions out.")
  int quarantine(
      @Parameters(paramLabel = "NUMBER") long id,
      @Option(names = "--yes", description = "Does it.") boolean yes) {
    return with(
        decision ->
            decide(
                decision,
                id,
                yes,
                outage -> outage.held() + " addresses would be quarantined.",
                () -> decision.quarantine(id, Operator.name()),
                "quarantined"));
  }

  @Command(
      name = "release",
      description =
          "It was an outage: drops the held decisions and takes back those made just before it was"
              + " noticed.")
  int release(
      @Parameters(paramLabel = "NUMBER") long id,
      @Option(names = "--yes", description = "Does it.") boolean yes) {
    return with(
        decision ->
            decide(
                decision,
                id,
                yes,
                outage ->
                    outage.held()
                        + " held decisions would be dropped and "
                        + outage.barredBefore()
                        + " addresses taken out of quarantine.",
                () -> decision.release(id, Operator.name()),
                "taken out of quarantine"));
  }

  /** Carries a decision out. */
  private interface Act {
    Optional<OutageDecision.Outcome> carryOut();
  }

  private int decide(
      OutageDecision decision,
      long id,
      boolean yes,
      Function<Outage, String> plan,
      Act act,
      String done) {
    PrintWriter out = spec.commandLine().getOut();
    Outage outage = decision.find(id).orElse(null);
    if (outage == null || !outage.isOpen()) {
      spec.commandLine()
          .getErr()
          .println(
              outage == null
                  ? "There is no number " + id + "; see ./retour quarantine held --all."
                  : "Number " + id + " was decided already: " + outage.state() + ".");
      return 1;
    }
    show(out, outage);
    if (!yes) {
      List<String> addresses = decision.addresses(id);
      addresses.stream()
          .limit(SHOWN_MAX)
          .forEach(address -> out.println("  " + Operator.shown(address)));
      if (addresses.size() > SHOWN_MAX) {
        out.println("  … and " + (outage.held() - SHOWN_MAX) + " more");
      }
      out.println(plan.apply(outage) + " Nothing was changed; add --yes.");
      out.flush();
      return 0;
    }
    act.carryOut()
        .ifPresent(
            outcome ->
                out.println(
                    outcome.changed()
                        + " addresses "
                        + done
                        + (outcome.leftAlone() == 0
                            ? "."
                            : ", " + outcome.leftAlone() + " left alone: changed in between.")));
    out.flush();
    return 0;
  }

  private static void show(PrintWriter out, Outage outage) {
    out.printf(
        "%4d  %s  %-11s %s%n      %s%n      %d held, %d quarantined before  %s%n",
        outage.id(),
        Operator.time(outage.openedAt()),
        outage.state(),
        Operator.shown(outage.domain()),
        outage.because(),
        outage.held(),
        outage.barredBefore(),
        Operator.shown(outage.text()));
  }

  private int with(ToIntFunction<OutageDecision> work) {
    return quarantine
        .flags()
        .withStore(
            database ->
                work.applyAsInt(
                    new OutageDecision(
                        database.jdbi(),
                        InstantSource.system(),
                        QuarantineConfig.from(quarantine.flags().read().settings()),
                        quarantine.flags().facts())));
  }
}
