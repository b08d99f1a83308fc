package dev.retour.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retour.bounces.Assessment;
import dev.retour.bounces.Assessment.Judged;
import dev.retour.bounces.BounceAssessor;
import dev.retour.config.Settings;
import dev.retour.mail.EmailAddress;
import dev.retour.mail.MailKind;
import dev.retour.mail.RecipientReport;
import dev.retour.qualification.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code ./retour qualify PATH…}: says what mails mean, by the same reader and rules as the engine,
 * without database and mailbox. One line for each mail.
 */
@Command(
    name = "qualify",
    mixinStandardHelpOptions = true,
    description =
        "Says what each mail means: its kind, whom it is about, type and reason of the failure, and"
            + " the rule that decided.")
public final class QualifyCommand implements Callable<Integer> {
  /** The engine reads no more of a mail, either, by default. */
  private static final int BYTES_MAX = 10_000_000;

  private static final String HEAD = "path\tkind\trecipients\ttypes\treasons\tstatuses\trules";

  /** How the answer is written. */
  enum Format {
    /** Tab-separated, one line per mail, a header line first. */
    TSV,
    /** One JSON object per line. */
    JSON
  }

  @Parameters(
      arity = "1..*",
      paramLabel = "PATH",
      description = "Mails, mailbox files (mbox), or folders of them.")
  private List<Path> paths = List.of();

  @Option(names = "--format", defaultValue = "tsv", description = "${COMPLETION-CANDIDATES}")
  private Format format = Format.TSV;

  @Option(names = "--explain", description = "Adds what each decision rests on.")
  private boolean explain;

  @Option(
      names = "--rules",
      defaultValue = "rules/qualification",
      paramLabel = "DIR",
      description = "Folder of the rule files (default: ${DEFAULT-VALUE}).")
  private Path rules = Path.of("rules", "qualification");

  @Spec private CommandSpec spec = CommandSpec.create();

  private final ObjectMapper json = new ObjectMapper();

  @Override
  public Integer call() throws JsonProcessingException {
    PrintWriter out = spec.commandLine().getOut();
    BounceAssessor assessor = OfflineAssessor.of(rules, Settings.of(Map.of()));
    if (format == Format.TSV) {
      out.println(HEAD);
    }
    MailFiles files = new MailFiles(BYTES_MAX);
    int faults = 0;
    for (Path path : paths) {
      try {
        files.each(path, (name, raw) -> print(out, assessor, name, assessor.assess(raw)));
      } catch (IOException e) {
        faults++;
        spec.commandLine().getErr().println(path + " cannot be read: " + e.getMessage());
      }
    }
    out.flush();
    return faults == 0 ? 0 : 1;
  }

  private void print(PrintWriter out, BounceAssessor assessor, String name, Assessment assessment)
      throws JsonProcessingException {
    if (format == Format.JSON) {
      out.println(json.writeValueAsString(asMap(assessor, name, assessment)));
      return;
    }
    out.println(
        String.join(
            "\t",
            Operator.shown(name),
            assessment.report().kind().label(),
            joined(assessment, each -> each.report().finalRecipient().text()),
            joined(assessment, each -> each.verdict().type().label()),
            joined(assessment, each -> Integer.toString(each.verdict().reason().code())),
            joined(assessment, each -> each.report().status()),
            joined(assessment, each -> each.verdict().ruleId())));
    if (explain) {
      new QualifyExplanation(assessor).lines(assessment).forEach(line -> out.println("#  " + line));
    }
  }

  private Map<String, Object> asMap(BounceAssessor assessor, String name, Assessment assessment) {
    Map<String, Object> mail = new LinkedHashMap<>();
    mail.put("path", name);
    mail.put("kind", assessment.report().kind().label());
    List<Map<String, @Nullable Object>> recipients = new ArrayList<>();
    for (Failed each : failed(assessment)) {
      Map<String, @Nullable Object> recipient = new LinkedHashMap<>();
      recipient.put("recipient", each.report().finalRecipient().text());
      recipient.put("type", each.verdict().type().label());
      recipient.put("reason", each.verdict().reason().code());
      recipient.put("status", each.report().status());
      recipient.put("rule", each.verdict().ruleId());
      EmailAddress original = each.report().originalRecipient();
      if (original != null) {
        recipient.put("original", original.text());
      }
      if (explain) {
        recipient.put(
            "explanation", new QualifyExplanation(assessor).decision(assessment, each.judged()));
      }
      recipients.add(recipient);
    }
    mail.put("recipients", recipients);
    if (explain) {
      mail.put("evidence", assessment.report().evidence());
    }
    return mail;
  }

  private static String joined(Assessment assessment, Function<Failed, @Nullable String> column) {
    return failed(assessment).stream()
        .map(column)
        .map(text -> text == null ? "" : Operator.shown(text).replace(',', ' '))
        .collect(Collectors.joining(","));
  }

  /** A recipient that failed or is late, as named by the mail. */
  private record Failed(RecipientReport report, Verdict verdict, Judged judged) {}

  private static List<Failed> failed(Assessment assessment) {
    List<Failed> failed = new ArrayList<>();
    MailKind kind = assessment.report().kind();
    for (Judged judged : assessment.judged()) {
      RecipientReport recipient = judged.recipient();
      if (recipient != null && (kind == MailKind.BOUNCE || kind == MailKind.DELAYED)) {
        failed.add(new Failed(recipient, judged.verdict(), judged));
      }
    }
    return failed;
  }
}
