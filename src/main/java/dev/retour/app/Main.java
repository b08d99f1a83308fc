package dev.retour.app;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.LinkedHashMap;
import java.util.Map;
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
    synopsisSubcommandLabel = "COMMAND")
public final class Main {
  private static final Map<String, Class<?>> COMMANDS = commands();

  private Main() {}

  /** Runs a command and ends the process with its exit code, whatever threads are left. */
  public static void main(String[] args) {
    Logging.text();
    if (args.length == 1 && args[0].equals("up")) {
      System.exit(up()); // no flags: nothing to parse, and a start need not wait for a parser
    }
    CommandLine line = line(args);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler(new OneSentence());
    System.exit(line.execute(args));
  }

  /** Whatever happens, there is an exit code: a process half alive would block the next start. */
  private static int up() {
    try {
      return new UpCommand().call();
    } catch (Exception thrown) {
      PrintWriter err = new PrintWriter(System.err, true, Charset.defaultCharset());
      try {
        return OneSentence.print(thrown, err);
      } catch (Exception surprise) {
        surprise.printStackTrace(err);
        return CommandLine.ExitCode.SOFTWARE;
      }
    }
  }

  /**
   * The command line with all commands, or with the one that is called: reading the annotations of
   * all of them would take longer than some commands run.
   */
  static CommandLine line(String... args) {
    CommandLine line = new CommandLine(new Main());
    Class<?> called = args.length == 0 ? null : COMMANDS.get(args[0]);
    if (called == null || called == HelpCommand.class) {
      COMMANDS.forEach(line::addSubcommand);
    } else {
      line.addSubcommand(args[0], called);
    }
    return line;
  }

  private static Map<String, Class<?>> commands() {
    Map<String, Class<?>> commands = new LinkedHashMap<>();
    commands.put("up", UpCommand.class);
    commands.put("demo", DemoCommand.class);
    commands.put("health", HealthCommand.class);
    commands.put("warm-up", WarmUpCommand.class);
    commands.put("rules", RulesCommand.class);
    commands.put("qualify", QualifyCommand.class);
    commands.put("bench", BenchCommand.class);
    commands.put("qualification", QualificationCommand.class);
    commands.put("messages", MessagesCommand.class);
    commands.put("events", EventsCommand.class);
    commands.put("queue", QueueCommand.class);
    commands.put("clean-up", CleanUpCommand.class);
    commands.put("quarantine", QuarantineCommand.class);
    commands.put("domains", DomainsCommand.class);
    commands.put("redelivery", RedeliveryCommand.class);
    commands.put("sources", SourcesCommand.class);
    commands.put("sandbox", SandboxCommand.class);
    commands.put("config", ConfigCommand.class);
    commands.put("help", HelpCommand.class);
    return commands;
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
