package dev.retour.app;

import dev.retour.messages.MessageTransfer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ./retour messages export FILE}: what is in force here, for another installation. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = "Packs the versions in force into one archive, for another installation.")
final class MessagesExportCommand implements Callable<Integer> {
  @ParentCommand private MessagesCommand messages = new MessagesCommand();

  @Parameters(index = "0", paramLabel = "FILE", description = "A new file.")
  private Path file = Path.of("");

  @Parameters(
      index = "1..*",
      paramLabel = "ID",
      arity = "0..*",
      description = "Which messages; all that are in force when there is none.")
  private @Nullable List<String> ids;

  @Option(names = "--overwrite", description = "Also when the file exists.")
  private boolean overwrite;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    return MessagesCommand.with(
        messages.flags(),
        room -> {
          try {
            Files.write(
                file,
                room.transfer().exported(ids == null ? List.of() : ids),
                overwrite
                    ? new OpenOption[] {
                      StandardOpenOption.CREATE,
                      StandardOpenOption.TRUNCATE_EXISTING,
                      StandardOpenOption.WRITE
                    }
                    : new OpenOption[] {StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE});
            spec.commandLine().getOut().println("Written to " + file + ".");
            return 0;
          } catch (MessageTransfer.RefusedException e) {
            throw new StartupException(Operator.shown(e.getMessage()), e);
          } catch (IOException e) {
            throw new StartupException(
                file + " cannot be written (" + e + "); add --overwrite if it may be replaced.", e);
          }
        });
  }
}
