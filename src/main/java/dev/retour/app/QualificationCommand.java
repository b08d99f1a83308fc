package dev.retour.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retour.bounces.Assessment;
import dev.retour.bounces.BounceAssessor;
import dev.retour.config.Settings;
import dev.retour.mail.MailKind;
import dev.retour.qualification.FailureType;
import dev.retour.qualification.QualificationStatus;
import dev.retour.qualification.QualificationTable;
import dev.retour.qualification.QualifiedText;
import dev.retour.qualification.Reason;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./retour qualification …}: the kinds of failure text met so far, and what they mean. */
@Command(
    name = "qualification",
    mixinStandardHelpOptions = true,
    description =
        "Shows the qualification table, one row per kind of failure text, and classifies them;"
            + " the engine must run.")
final class QualificationCommand implements Runnable {
  private static final int BYTES_MAX = 10_000_000;

  @Mixin private SettingsFlags flags = new SettingsFlags();

  @Spec private CommandSpec spec = CommandSpec.create();

  private final ObjectMapper json = new ObjectMapper();
  private final QualificationTable table = new QualificationTable(InstantSource.system());

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @Command(name = "list", description = "The rows, the most frequent first.")
  int list(
      @Option(names = "--status", description = "to-qualify, keep or ignore (default: all).")
          @Nullable String status,
      @Option(names = "--text", description = "Only texts with these words.") @Nullable String text,
      @Option(names = "--limit", defaultValue = "100", description = "At most so many.") int limit,
      @Option(names = "--json", description = "One JSON object per line.") boolean asJson) {
    QualificationStatus wanted = status == null ? null : QualificationStatus.ofLabel(status);
    return flags.withStore(
        database -> {
          PrintWriter out = spec.commandLine().getOut();
          List<QualifiedText> rows =
              database.jdbi().withHandle(handle -> table.list(handle, wanted, text, limit));
          for (QualifiedText row : rows) {
            out.println(asJson ? json(row) : line(row));
          }
          out.flush();
          return 0;
        });
  }

  @Command(name = "show", description = "One row with all that is known of it.")
  int show(@Parameters(paramLabel = "ID") long id) {
    return flags.withStore(
        database ->
            told(database.jdbi().withHandle(handle -> table.find(handle, id)).orElse(null), id));
  }

  @Command(
      name = "set",
      description =
          "Classifies a kind of text, from its next occurrence on: keep (its type and reason decide,"
              + " whatever the rules say), ignore (passed over, never quarantined) or to-qualify (the"
              + " rules decide again).")
  int set(
      @Parameters(index = "0", paramLabel = "STATUS") String status,
      @Parameters(index = "1..*", arity = "1..*", paramLabel = "ID") List<Long> ids,
      @Option(names = "--type", description = "hard, soft or ignored (default: as it is).")
          @Nullable String type,
      @Option(names = "--reason", description = "Its code, for instance 5 (default: as it is).")
          @Nullable Integer reason) {
    QualificationStatus wanted = QualificationStatus.ofLabel(status);
    FailureType failure = type == null ? null : FailureType.ofLabel(type);
    Reason because =
        reason == null
            ? null
            : Reason.ofCode(reason)
                .orElseThrow(() -> new IllegalArgumentException(reason + " is no reason code."));
    if (wanted == QualificationStatus.TO_QUALIFY && (failure != null || because != null)) {
      throw new IllegalArgumentException("With to-qualify the rules decide on type and reason.");
    }
    return flags.withStore(
        database -> {
          int faults = 0;
          for (long id : ids) {
            String before =
                database.jdbi().withHandle(h -> table.find(h, id)).map(this::line).orElse("");
            QualifiedText after =
                database
                    .jdbi()
                    .inTransaction(
                        h -> table.classify(h, id, wanted, failure, because, Operator.name()))
                    .orElse(null);
            if (after != null) {
              spec.commandLine().getOut().println("was " + before);
            }
            faults += told(after, id);
          }
          return faults == 0 ? 0 : 1;
        });
  }

  @Command(name = "reset", description = "Counts the occurrences of a row from zero again.")
  int reset(@Parameters(arity = "1..*", paramLabel = "ID") List<Long> ids) {
    return flags.withStore(
        database -> {
          int faults = 0;
          for (long id : ids) {
            database.jdbi().useTransaction(handle -> table.reset(handle, id));
            faults +=
                told(database.jdbi().withHandle(handle -> table.find(handle, id)).orElse(null), id);
          }
          return faults == 0 ? 0 : 1;
        });
  }

  @Command(
      name = "kinds",
      description =
          "Shows into which rows the failure texts of mails would fall; without database and engine.")
  int kinds(
      @Parameters(arity = "1..*", paramLabel = "PATH", description = "Mails, mbox or folders.")
          List<Path> paths,
      @Option(
              names = "--rules",
              defaultValue = "rules/qualification",
              paramLabel = "DIR",
              description = "Folder of the rule files (default: ${DEFAULT-VALUE}).")
          Path rules) {
    BounceAssessor assessor = OfflineAssessor.of(rules, Settings.of(Map.of()));
    Map<String, Kind> kinds = new HashMap<>();
    try {
      for (Path path : paths) {
        new MailFiles(BYTES_MAX).each(path, (name, raw) -> count(assessor.assess(raw), kinds));
      }
    } catch (IOException e) {
      throw new StartupException("The mails cannot be read: " + e.getMessage(), e);
    }
    PrintWriter out = spec.commandLine().getOut();
    kinds.values().stream()
        .sorted(Comparator.comparing(Kind::texts).reversed().thenComparing(Kind::text))
        .forEach(kind -> out.printf("%6d  %s%n", kind.texts(), Operator.shown(kind.text())));
    out.printf(
        "%d texts fall into %d rows.%n",
        kinds.values().stream().mapToInt(Kind::texts).sum(), kinds.size());
    out.flush();
    return 0;
  }

  /** A row that would be, by its first text. */
  private record Kind(String text, int texts) {
    Kind and(Kind more) {
      return new Kind(text, texts + more.texts);
    }
  }

  private static void count(Assessment assessment, Map<String, Kind> kinds) {
    MailKind kind = assessment.report().kind();
    if (kind == MailKind.BOUNCE || kind == MailKind.DELAYED) {
      for (Assessment.Judged judged : assessment.judged()) {
        String said = judged.diagnostic().text();
        String key = QualificationTable.key(said);
        if (!key.isEmpty()) {
          kinds.merge(key, new Kind(QualificationTable.normalised(said), 1), Kind::and);
        }
      }
    }
  }

  /** Shows a row; 1 when there is none. */
  private int told(@Nullable QualifiedText row, long id) {
    if (row == null) {
      spec.commandLine().getErr().println("There is no row " + id + ".");
      return 1;
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(line(row));
    out.println("      first: " + Operator.shown(row.firstText()));
    out.flush();
    return 0;
  }

  private String line(QualifiedText row) {
    return String.format(
        "%5d  %6d x  %-10s  %-9s %3d %-18s  %s  %s",
        row.id(),
        row.occurrences(),
        row.status().label(),
        row.type().label(),
        row.reason().code(),
        row.reason().label(),
        row.decidedBy() == null ? "rule " + row.ruleId() : "by " + row.decidedBy(),
        Operator.shown(row.text()));
  }

  private String json(QualifiedText row) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("id", row.id());
    fields.put("text", row.text());
    fields.put("firstText", row.firstText());
    fields.put("occurrences", row.occurrences());
    fields.put("status", row.status().label());
    fields.put("type", row.type().label());
    fields.put("reason", row.reason().code());
    fields.put("rule", row.ruleId());
    fields.put("firstSeenAt", row.firstSeenAt().toString());
    fields.put("lastSeenAt", row.lastSeenAt().toString());
    fields.put("decidedBy", row.decidedBy());
    try {
      return json.writeValueAsString(fields);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A row could not be written as JSON.", e);
    }
  }
}
