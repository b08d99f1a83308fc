package dev.retour.app;

import dev.retour.delivery.QueueFilter;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which work packages a command means. */
final class QueueWhich {
  @Parameters(paramLabel = "ID", arity = "0..*", description = "Only these packages.")
  private @Nullable List<Long> ids;

  @Option(
      names = "--processor",
      paramLabel = "NAME",
      description = "mail, proof, digest or callback.")
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
    return new TypedFilter()
        .put("processor", processor)
        .put("state", state)
        .put("recipient", recipient)
        .put("domain", domain)
        .put("document", document)
        .put("reason", reason)
        .put("message", message)
        .put("id", ids())
        .time("created-from", from)
        .time("created-until", until)
        .read(QueueFilter::of);
  }

  private @Nullable String ids() {
    return ids == null || ids.isEmpty()
        ? null
        : ids.stream().map(String::valueOf).collect(Collectors.joining(","));
  }
}
