package dev.retour.app;

import dev.retour.qualification.RuleFault;
import dev.retour.qualification.RuleSet;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./retour rules …}: looks after the rule files. Needs no database and no engine. */
@Command(
    name = "rules",
    description = "Looks after the rule files.",
    subcommands = RulesCommand.Check.class)
public final class RulesCommand {

  /** {@code ./retour rules check [DIR]}: all faults at once, {@code file:line: text}. */
  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = "Reports every fault of the rule files at once; exit code 1 when there is one.")
  static final class Check implements Callable<Integer> {
    @Parameters(
        arity = "0..1",
        defaultValue = "rules/qualification",
        paramLabel = "DIR",
        description = "Folder of the rule files (default: ${DEFAULT-VALUE}).")
    private Path folder = Path.of("rules", "qualification");

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      List<RuleFault> faults = RuleSet.check(folder);
      for (RuleFault fault : faults) {
        out.println(fault);
      }
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
      out.flush();
      return faults.isEmpty() ? 0 : 1;
    }
  }
}
