package dev.retour.app;

import dev.retour.config.FileFault;
import dev.retour.messages.MessagePreview.Wish;
import dev.retour.messages.MessageSetException;
import dev.retour.messages.RenderException;
import dev.retour.messages.RenderedMail;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ./retour messages preview ID}: the mail a test profile would become. */
@Command(
    name = "preview",
    mixinStandardHelpOptions = true,
    description =
        "Renders a test profile as a mail would be, and writes it as a file any mail program opens."
            + " Nothing is sent.")
final class MessagesPreviewCommand implements Callable<Integer> {
  @ParentCommand private MessagesCommand messages = new MessagesCommand();

  @Parameters(paramLabel = "ID")
  private String id = "";

  @Option(
      names = "--profile",
      defaultValue = "",
      description = "Name of a test profile; else sample, or a generated event.")
  private String profile = "";

  @Option(names = "--number", paramLabel = "N", description = "Version, else the folder.")
  private @Nullable Integer version;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where the mail is written to (ID.eml).")
  private @Nullable Path out;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    return MessagesCommand.with(
        messages.flags(),
        room -> {
          try {
            Wish wish = new Wish(id, version, profile);
            RenderedMail mail = room.preview().mail(wish);
            Path file = out == null ? Path.of(id + ".eml") : out;
            Files.write(file, mail.raw());
            PrintWriter terminal = spec.commandLine().getOut();
            terminal.println("Subject: " + Operator.shown(mail.subject()));
            terminal.println(mail.raw().length + " bytes written to " + file + ".");
            List<String> profiles = room.preview().profiles(wish);
            if (!profiles.isEmpty()) {
              terminal.println("Test profiles: " + Operator.shown(String.join(", ", profiles)));
            }
            return 0;
          } catch (IllegalArgumentException e) {
            throw new StartupException(Operator.shown(e.getMessage()), e);
          } catch (MessageSetException e) {
            return refused(e.faults());
          } catch (RenderException e) {
            return refused(List.of(e.fault()));
          } catch (IOException e) {
            throw new StartupException("The mail cannot be written (" + e + ").", e);
          }
        });
  }

  private int refused(List<FileFault> faults) {
    return MessagesCommand.refused(faults, spec.commandLine().getErr());
  }
}
