package dev.retour.app;

import dev.retour.config.FileFault;
import dev.retour.config.Settings;
import dev.retour.store.SourceConfig;
import dev.retour.store.SourceState;
import dev.retour.store.Sources;
import dev.retour.store.SourcesFile;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ./retour sources …}: the other databases that messages and rules may read. */
@Command(
    name = "sources",
    mixinStandardHelpOptions = true,
    description = "Looks after the databases that messages and rules may read.")
final class SourcesCommand implements Runnable {
  @Mixin private SettingsFlags flags = new SettingsFlags();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @Command(
      name = "check",
      description =
          "Reports every fault of the file of sources, then asks each source once; exit code 1 when"
              + " there is a fault or one does not answer. The engine need not run.")
  int check() {
    PrintWriter out = spec.commandLine().getOut();
    Settings settings = flags.read().settings();
    List<FileFault> faults = new ArrayList<>();
    List<SourceConfig> configs = SourcesPart.read(settings, System.getenv(), faults);
    faults.forEach(fault -> out.println(Operator.shown(fault.toString())));
    boolean well = faults.isEmpty();
    if (well && configs.isEmpty()) {
      out.println("There is no source: neither erp.jdbc-url nor " + SourcesFile.of(settings) + ".");
    } else if (well) {
      try (Sources sources = Sources.of(configs, InstantSource.system())) {
        for (SourceState state : sources.ask()) {
          String fault = state.fault();
          well &= fault == null;
          out.printf("%-20s %s%n", state.id(), fault == null ? "answers" : Operator.shown(fault));
        }
      }
    }
    out.flush();
    return well ? 0 : 1;
  }
}
