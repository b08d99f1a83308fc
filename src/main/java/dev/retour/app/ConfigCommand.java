package dev.retour.app;

import dev.retour.config.ConfigException;
import dev.retour.config.Setting;
import dev.retour.config.Settings;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code retour config}: every key with its effective value, unit, origin and default. */
@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    description =
        "Prints every setting with its effective value, where it comes from, and checks"
            + " them all.")
final class ConfigCommand implements Callable<Integer> {
  private static final String MASK = "***";

  @Mixin private SettingsFlags flags = new SettingsFlags();

  @Option(
      names = "--markdown",
      description = "Prints docs/configuration.md instead: keys, defaults and meanings.")
  private boolean markdown;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (markdown) {
      out.print(markdown());
      out.flush();
      return 0;
    }
    SettingsSource source = flags.read();
    int faults = 0;
    for (Map.Entry<String, List<Setting<?>>> room : SettingsCatalog.grouped().entrySet()) {
      if (!room.getValue().isEmpty()) {
        out.println("# " + room.getKey());
      }
      for (Setting<?> setting : room.getValue()) {
        out.println(line(source, setting));
        faults += fault(out, source.settings(), setting);
      }
    }
    out.flush();
    return faults == 0 ? 0 : 1;
  }

  private static String line(SettingsSource source, Setting<?> setting) {
    String value = source.settings().text(setting);
    String shown = setting.secret() && !value.isEmpty() ? MASK : value;
    String from = source.origin(setting).orElse("default");
    return String.format(
        "%-42s # %s, from %s%s",
        setting.key() + " = " + shown,
        setting.unit(),
        from,
        from.equals("default") ? "" : ", default " + quoted(setting));
  }

  private static int fault(PrintWriter out, Settings settings, Setting<?> setting) {
    try {
      settings.find(setting);
      return 0;
    } catch (ConfigException e) {
      out.println("  ^ " + e.getMessage());
      return 1;
    }
  }

  private static String quoted(Setting<?> setting) {
    return setting.defaultText().isEmpty() ? "(empty)" : setting.defaultText();
  }

  /** The page docs/configuration.md; a test holds the file against it. */
  static String markdown() {
    StringBuilder page = new StringBuilder(8_000);
    page.append(
        """
        # Configuration

        Printed by `./retour config --markdown`; do not edit by hand. `./retour config` prints the
        values in force, where each comes from, and checks them.

        A value is taken, in this order, from a command-line flag (`--set KEY=VALUE`, or a flag of
        its own), the environment variable, `application.properties`, and the default. Keys that
        begin with `camel.` are handed to Camel unread. Lengths of time are written `500ms`, `30s`,
        `5m`, `3h`, `5d`.
        """);
    SettingsCatalog.grouped()
        .forEach(
            (room, settings) -> {
              if (settings.isEmpty()) {
                return;
              }
              page.append("\n## ").append(room).append("\n\n");
              page.append("| Key | Environment variable | Unit | Default | Meaning |\n");
              page.append("| --- | --- | --- | --- | --- |\n");
              for (Setting<?> setting : settings) {
                page.append("| `").append(setting.key());
                page.append("` | `").append(setting.environmentVariable());
                page.append("` | ").append(setting.unit());
                page.append(" | ").append(defaultCell(setting));
                page.append(" | ").append(setting.description().replace("|", "\\|"));
                page.append(" |\n");
              }
            });
    return page.toString();
  }

  private static String defaultCell(Setting<?> setting) {
    return setting.defaultText().isEmpty() ? "" : "`" + setting.defaultText() + "`";
  }
}
