package dev.retour.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code retour health}: asks the running engine; exit code 0 when all is green. */
@Command(
    name = "health",
    mixinStandardHelpOptions = true,
    description = "Asks the running engine how it is; exit code 0: all green, 1: something is red.")
final class HealthCommand implements Callable<Integer> {
  @Mixin private SettingsFlags flags = new SettingsFlags();

  @Option(
      names = {"-q", "--quiet"},
      description = "Only the exit code.")
  private boolean quiet;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    HttpConfig http = HttpConfig.from(flags.read().settings());
    ApiClient.Reply reply = ApiClient.of(http).get("observe/health?data=true");
    boolean up = reply.status() == 200;
    if (!quiet) {
      PrintWriter out = spec.commandLine().getOut();
      out.println(up ? "UP" : "DOWN");
      for (JsonNode check : reply.json().path("checks")) {
        out.printf(
            "%-5s %-24s %s%s%n",
            check.path("status").asText(),
            check.path("name").asText(),
            Operator.shown(
                check.path("data").path("sentence").asText(check.path("message").asText(""))),
            since(check));
      }
      out.flush();
    }
    return up ? 0 : 1;
  }

  /** When something that is red became so. */
  private static String since(JsonNode check) {
    String since = check.path("data").path("since").asText();
    return check.path("status").asText().equals("UP") || since.isEmpty()
        ? ""
        : " (since " + since + ")";
  }
}
