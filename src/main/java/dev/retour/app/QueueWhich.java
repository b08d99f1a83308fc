package dev.retour.app;

import dev.retour.delivery.QueueFilter;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which work packages a command means. */
final class QueueWhich {
  @Parameters(paramLabel = "ID", arity = "0..*", description = "Only these packages.")
  private @Nullable List<Long> ids;

  @Option(names = "--processor", paramLabel = "NAME", description = "mail, digest or callback.")
  private @Nullable String processor;

  @Option(names = "--state", paramLabel = "STATE[,STATE…]", description = "For instance error.")
  private @Nullable String state;

  @Option(
      names = "--created-from",
      paramLabel = "TIME",
      description = "10:00 (today), 2026-03-01T10:00 (here) or 2026-03-01T10:00:00Z.")
  private @Nullable String from;

  @Option(names = "--created-until", paramLabel = "TIME", description = "Before this time.")
  private @Nullable String until;

  @Option(names = "--recipient", paramLabel = "ADDRESS", description = "Whom the mail is for.")
  private @Nullable String recipient;

  @Option(names = "--domain", paramLabel = "DOMAIN", description = "Of the recipient.")
  private @Nullable String domain;

  @Option(
      names = "--document",
      paramLabel = "NUMBER",
      description = "The ERP's number of the document.")
  private @Nullable String document;

  @Option(names = "--reason", paramLabel = "CODE", description = "Of the last failure.")
  private @Nullable String reason;

  @Option(names = "--message", paramLabel = "EVT…", description = "Of the event type.")
  private @Nullable String message;

  QueueFilter filter() {
    Map<String, String> given = new HashMap<>();
    put(given, "processor", processor);
    put(given, "state", state);
    put(given, "recipient", recipient);
    put(given, "domain", domain);
    put(given, "document", document);
    put(given, "reason", reason);
    put(given, "message", message);
    if (ids != null && !ids.isEmpty()) {
      given.put("id", ids.stream().map(String::valueOf).collect(Collectors.joining(",")));
    }
    try {
      put(given, "created-from", time(from));
      put(given, "created-until", time(until));
      return QueueFilter.of(given);
    } catch (IllegalArgumentException e) {
      throw new StartupException(Operator.shown(e.getMessage()), e);
    }
  }

  private static @Nullable String time(@Nullable String text) {
    return text == null
        ? null
        : QuarantineCommand.time(text, InstantSource.system().instant(), ZoneId.systemDefault())
            .toString();
  }

  private static void put(Map<String, String> given, String name, @Nullable String value) {
    if (value != null) {
      given.put(name, value);
    }
  }
}
