package dev.retour.app;

import dev.retour.messages.MessageTransfer;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ./retour messages import FILE}: what was in force elsewhere, in force here. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description =
        "Puts the messages of an archive in force, all or none: a dry run unless --yes is given.")
final class MessagesImportCommand implements Callable<Integer> {
  @ParentCommand private MessagesCommand messages = new MessagesCommand();

  @Parameters(paramLabel = "FILE")
  private Path file = Path.of("");

  @Option(names = "--yes", description = "Does it.")
  private boolean yes;

  @Option(names = "--why", defaultValue = "", description = "Reason, for the history.")
  private String why = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    return MessagesCommand.with(
        messages.flags(),
        room -> {
          try {
            List<MessageTransfer.Step> steps =
                yes
                    ? room.transfer().imported(file, Operator.name(), because())
                    : room.transfer().plan(file);
            PrintWriter out = spec.commandLine().getOut();
            steps.forEach(
                step ->
                    out.printf(
                        "%-40s %s%s%n",
                        step.id(),
                        step.because(),
                        step.next().map(number -> ", version " + number).orElse("")));
            out.println(
                yes
                    ? "They are in force."
                    : "Nothing was changed; add --yes to put them in force.");
            return 0;
          } catch (MessageTransfer.RefusedException e) {
            PrintWriter err = spec.commandLine().getErr();
            err.println(Operator.shown(e.getMessage()));
            return MessagesCommand.refused(e.faults(), err);
          } catch (UncheckedIOException e) {
            throw new StartupException(file + " cannot be read (" + e.getCause() + ").", e);
          }
        });
  }

  private String because() {
    return why.isBlank() ? "from " + file.getFileName() : why;
  }
}
