package dev.retour.app;

import dev.retour.bounces.BounceAssessor;
import dev.retour.bounces.BounceReplay;
import dev.retour.config.FileFault;
import dev.retour.config.Settings;
import dev.retour.qualification.QualificationConfig;
import dev.retour.qualification.QualificationTable;
import dev.retour.qualification.RuleSet;
import dev.retour.quarantine.GateRules;
import dev.retour.quarantine.QuarantineConfig;
import dev.retour.store.Database;
import dev.retour.store.StoreConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./retour rules …}: looks after the rule files. */
@Command(
    name = "rules",
    description = "Looks after the rule files.",
    subcommands = {RulesCommand.Check.class, RulesCommand.Replay.class})
public final class RulesCommand {

  /** {@code ./retour rules check [DIR]}: all faults at once, {@code file:line: text}. */
  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = "Reports every fault of the rule files at once; exit code 1 when there is one.")
  static final class Check implements Callable<Integer> {
    @Parameters(
        arity = "0..1",
        paramLabel = "DIR",
        description =
            "Folder of qualification rules. Default: those of the settings, and with them the rules"
                + " of the gate.")
    private @Nullable Path folder;

    @Option(
        names = "--sources",
        description =
            "Also has the databases look at the questions of exclusion rules, without asking them.")
    private boolean sources;

    @Mixin private SettingsFlags flags = new SettingsFlags();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      boolean good;
      if (folder != null) {
        good = qualification(out, folder);
      } else {
        Settings settings = flags.read().settings();
        good = qualification(out, QualificationConfig.from(settings).rules());
        good &= gate(out, settings);
      }
      out.flush();
      return good ? 0 : 1;
    }

    private static boolean qualification(PrintWriter out, Path folder) {
      List<FileFault> faults = RuleSet.check(folder);
      faults.forEach(out::println);
      if (faults.isEmpty()) {
        RuleSet rules = RuleSet.load(folder);
        out.println(
            "No fault: "
                + rules.size()
                + " rules, each of "
                + rules.examples()
                + " examples won by its own; version "
                + rules.version()
                + ".");
      }
      return faults.isEmpty();
    }

    private boolean gate(PrintWriter out, Settings settings) {
      Path file = settings.get(QuarantineConfig.GATE_RULES);
      List<FileFault> faults = GateRules.check(file);
      if (faults.isEmpty() && sources) {
        try (SourcesPart asked = new SourcesPart(settings, InstantSource.system())) {
          faults = GatePart.load(settings, asked.sources()).faults();
        }
      }
      faults.forEach(out::println);
      if (faults.isEmpty()) {
        out.println(
            "No fault: " + GateRules.load(file).size() + " rules of the gate in " + file + ".");
      }
      return faults.isEmpty();
    }
  }

  /** {@code ./retour rules replay DIR}: what edited rules would have decided otherwise. */
  @Command(
      name = "replay",
      mixinStandardHelpOptions = true,
      description =
          "Judges every stored bounce by edited rules that are not in force yet, and shows which"
              + " decisions would change and who would newly be quarantined or released."
              + " Changes nothing; the engine must run.")
  static final class Replay implements Callable<Integer> {
    private static final int SHOWN_MAX = 200;

    @Parameters(paramLabel = "DIR", description = "A copy of rules/qualification with your edits.")
    private Path folder = Path.of("");

    @Mixin private SettingsFlags flags = new SettingsFlags();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      Settings settings = flags.read().settings();
      BounceAssessor edited = OfflineAssessor.of(folder, settings);
      List<String> barred = new ArrayList<>();
      List<String> released = new ArrayList<>();
      try (Database database = Database.connect(StoreConfig.from(settings))) {
        BounceReplay.Summary summary =
            new BounceReplay(
                    database.jdbi(), edited, new QualificationTable(InstantSource.system()))
                .run(
                    change -> {
                      String line =
                          change.address() + "  " + change.before() + " -> " + change.after();
                      switch (change.effect()) {
                        case QUARANTINED -> barred.add(line);
                        case RELEASED -> released.add(line);
                        case NONE -> {}
                      }
                    });
        summary.changes().forEach((change, count) -> out.printf("%6d  %s%n", count, change));
        show(out, "Would newly be quarantined", barred);
        show(out, "Would not have been quarantined (./retour quarantine undo)", released);
        out.printf(
            "%d stored bounces, %d decisions, %d of them would change.%n",
            summary.bounces(),
            summary.decisions(),
            summary.changes().values().stream().mapToInt(Integer::intValue).sum());
        out.flush();
        return 0;
      } catch (RuntimeException e) {
        throw StartupFaults.sentence(e);
      }
    }

    private static void show(PrintWriter out, String title, List<String> lines) {
      if (!lines.isEmpty()) {
        out.println(title + ": " + lines.size());
        lines.stream().limit(SHOWN_MAX).forEach(line -> out.println("  " + Operator.shown(line)));
        if (lines.size() > SHOWN_MAX) {
          out.println("  … and " + (lines.size() - SHOWN_MAX) + " more");
        }
      }
    }
  }
}
