package dev.retour.app;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;

/** The command {@code retour}. */
@Command(
    name = "retour",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = "A mail sidecar for ERPs: durable sending, redelivery, and bounces understood.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      UpCommand.class,
      DemoCommand.class,
      HealthCommand.class,
      WarmUpCommand.class,
      RulesCommand.class,
      QualifyCommand.class,
      SandboxCommand.class,
      ConfigCommand.class,
      HelpCommand.class
    })
public final class Main {
  private Main() {}

  /** Runs a command and ends the process with its exit code, whatever threads are left. */
  public static void main(String[] args) {
    CommandLine line = new CommandLine(new Main());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler(new OneSentence());
    System.exit(line.execute(args));
  }

  /** Version and Java, for {@code --version}. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {
        "retour " + (version == null ? "(development)" : version),
        "Java " + Runtime.version() + ", " + System.getProperty("java.vendor")
      };
    }
  }
}
