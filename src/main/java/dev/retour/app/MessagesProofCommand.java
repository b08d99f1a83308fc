package dev.retour.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ./retour messages proof ID}: test profiles as real mails, sent by the running engine. */
@Command(
    name = "proof",
    mixinStandardHelpOptions = true,
    description =
        "Sends test profiles as real mails, their subject after \"Proof\" and a number. The ERP"
            + " hears nothing of it; addresses in quarantine get it, those on the denylist do not.")
final class MessagesProofCommand implements Callable<Integer> {
  private static final int ACCEPTED = 202;

  @ParentCommand private MessagesCommand messages = new MessagesCommand();

  @Parameters(paramLabel = "ID")
  private String id = "";

  @Option(
      names = "--to",
      split = ",",
      paramLabel = "ADDRESS",
      description = "Who gets them; else each profile goes to its own address.")
  private List<String> to = List.of();

  @Option(
      names = "--profile",
      split = ",",
      paramLabel = "NAME",
      description = "Which test profiles; else all.")
  private List<String> profiles = List.of();

  @Option(names = "--number", paramLabel = "N", description = "Version, else the folder.")
  private @Nullable Integer version;

  @Option(names = "--why", defaultValue = "", description = "Reason, for the history.")
  private String why = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("by", Operator.name()).put("because", why);
    body.put("to", String.join(",", to)).put("profiles", String.join(",", profiles));
    if (version != null) {
      body.put("version", version);
    }
    ApiClient.Reply reply =
        ApiClient.of(HttpConfig.from(messages.flags().read().settings()))
            .post(
                "api/v1/messages/"
                    + URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20")
                    + "/proof",
                body);
    if (reply.status() != ACCEPTED) {
      return refused(reply.json());
    }
    PrintWriter out = spec.commandLine().getOut();
    JsonNode mails = reply.json().path("mails");
    out.println("Proof " + reply.json().path("proof").asInt() + " of " + id + " is queued:");
    mails.forEach(
        mail ->
            out.println(
                "  "
                    + Operator.shown(mail.path("profile").asText())
                    + " to "
                    + Operator.shown(mail.path("recipient").asText())
                    + "  "
                    + Operator.shown(mail.path("href").asText())));
    out.flush();
    return 0;
  }

  private int refused(JsonNode problem) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(Operator.shown(problem.path("detail").asText()));
    problem
        .path("fileFaults")
        .forEach(
            fault ->
                err.println(
                    Operator.shown(
                        fault.path("file").asText()
                            + ":"
                            + fault.path("line").asInt()
                            + ": "
                            + fault.path("text").asText())));
    err.flush();
    return 1;
  }
}
