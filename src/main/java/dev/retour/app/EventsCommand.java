package dev.retour.app;

import dev.retour.events.EventFilter;
import dev.retour.events.EventJson;
import dev.retour.events.EventLog;
import dev.retour.events.EventPage;
import dev.retour.events.EventTypeView;
import dev.retour.events.EventView;
import dev.retour.events.RefusalPage;
import dev.retour.events.RefusalView;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./retour events …}: which events came, where each is, and why. */
@Command(
    name = "events",
    mixinStandardHelpOptions = true,
    description = "Shows events and event types; the engine must run.")
final class EventsCommand implements Runnable {
  @Mixin private SettingsFlags flags = new SettingsFlags();

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Which events a command means. */
  static final class Which {
    @Option(names = "--type", paramLabel = "EVT…", description = "Of this event type.")
    private @Nullable String type;

    @Option(names = "--status", paramLabel = "STATUS[,STATUS…]", description = "E.g. paused.")
    private @Nullable String status;

    @Option(
        names = "--from",
        paramLabel = "TIME",
        description = "Received since 10:00 (today), 2026-03-01T10:00 or 2026-03-01T10:00:00Z.")
    private @Nullable String from;

    @Option(names = "--until", paramLabel = "TIME", description = "Received before this time.")
    private @Nullable String until;

    @Option(names = "--recipient", paramLabel = "ADDRESS", description = "Whom it is for.")
    private @Nullable String recipient;

    @Option(names = "--document", paramLabel = "NUMBER", description = "The ERP's number.")
    private @Nullable String document;

    EventFilter filter() {
      return new TypedFilter()
          .put("type", type)
          .put("status", status)
          .put("recipient", recipient)
          .put("document", document)
          .time("from", from)
          .time("until", until)
          .read(EventFilter::of);
    }
  }

  /** Which refused events a command means. */
  static final class Refused {
    @Option(names = "--type", paramLabel = "EVT…", description = "Of this event type.")
    private @Nullable String type;

    @Option(names = "--from", paramLabel = "TIME", description = "Refused since this time.")
    private @Nullable String from;

    @Option(names = "--until", paramLabel = "TIME", description = "Refused before this time.")
    private @Nullable String until;

    @Option(names = "--recipient", paramLabel = "ADDRESS", description = "Whom it was for.")
    private @Nullable String recipient;

    @Option(names = "--document", paramLabel = "NUMBER", description = "The ERP's number.")
    private @Nullable String document;

    EventFilter filter() {
      return new TypedFilter()
          .put("type", type)
          .put("recipient", recipient)
          .put("document", document)
          .time("from", from)
          .time("until", until)
          .read(EventFilter::of);
    }
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Events by filters, newest first; by status among the newest 10,000.")
  int list(
      @Mixin Which which,
      @Option(names = "--json", description = "As JSON.") boolean json,
      @Option(names = "--limit", defaultValue = "50", description = "At most so many, up to 1000.")
          int limit,
      @Option(names = "--after", paramLabel = "PLACE", description = "The next page.")
          Optional<String> after) {
    return flags.withStore(
        database -> {
          PrintWriter out = spec.commandLine().getOut();
          EventLog log = new EventLog(database.jdbi(), InstantSource.system());
          EventPage page =
              log.list(
                  which.filter(),
                  place(after, EventPage.Place::of),
                  Math.max(1, Math.min(limit, 1_000)));
          if (json) {
            out.println(EventJson.of(page).toPrettyString());
          } else {
            page.events().forEach(event -> row(out, event));
            out.println(
                page.next() == null
                    ? page.events().size() + " of " + page.lookedAt() + " events looked at."
                    : "More: --after " + page.next());
          }
          out.flush();
          return 0;
        });
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "One event: where it is, and why.")
  int show(
      @Parameters(paramLabel = "PKEY") UUID pkey,
      @Option(names = "--json", description = "As JSON.") boolean json) {
    return flags.withStore(
        database -> {
          PrintWriter out = spec.commandLine().getOut();
          EventLog log = new EventLog(database.jdbi(), InstantSource.system());
          Optional<EventView> found = log.find(pkey);
          if (found.isEmpty()) {
            spec.commandLine().getErr().println("There is no event " + pkey + ".");
            return 1;
          }
          if (json) {
            out.println(EventJson.of(found.get(), log.enriched(pkey)).toPrettyString());
          } else {
            row(out, found.get());
            EventView event = found.get();
            out.println("  document " + Operator.shown(event.documentId()));
            out.println("  version  " + (event.version() == null ? "-" : event.version()));
            out.println(
                event.workPackage() == null
                    ? "  package  -"
                    : "  package  " + event.workPackage() + " (" + event.packageState() + ")");
            log.enriched(pkey).ifPresent(said -> out.println("  enriched " + Operator.shown(said)));
          }
          out.flush();
          return 0;
        });
  }

  @Command(
      name = "types",
      mixinStandardHelpOptions = true,
      description = "Event types, with the time of their newest event.")
  int types(
      @Option(names = "--silent-days", description = "Without an event for so many days.")
          Optional<Integer> silentDays,
      @Option(names = "--json", description = "As JSON.") boolean json) {
    return flags.withStore(
        database -> {
          PrintWriter out = spec.commandLine().getOut();
          List<EventTypeView> types =
              new EventLog(database.jdbi(), InstantSource.system())
                  .types(null, silentDays.map(Duration::ofDays).orElse(null));
          if (json) {
            out.println(EventJson.of(types).toPrettyString());
          } else {
            types.forEach(
                type ->
                    out.printf(
                        "%-32s %-9s %-10s %s%n",
                        Operator.shown(type.id()),
                        type.state(),
                        type.version() == null ? "-" : "version " + type.version(),
                        type.newestEventAt() == null
                            ? "no event yet"
                            : "newest event " + Operator.time(type.newestEventAt())));
          }
          out.flush();
          return 0;
        });
  }

  @Command(
      name = "refused",
      mixinStandardHelpOptions = true,
      description = "Events that were refused because their message takes none, newest first.")
  int refused(
      @Mixin Refused which,
      @Option(names = "--json", description = "As JSON.") boolean json,
      @Option(names = "--limit", defaultValue = "50", description = "At most so many, up to 1000.")
          int limit,
      @Option(names = "--after", paramLabel = "PLACE", description = "The next page.")
          Optional<String> after) {
    return flags.withStore(
        database -> {
          PrintWriter out = spec.commandLine().getOut();
          RefusalPage page =
              new EventLog(database.jdbi(), InstantSource.system())
                  .refusals(
                      which.filter(),
                      place(after, RefusalPage::place),
                      Math.max(1, Math.min(limit, 1_000)));
          if (json) {
            out.println(EventJson.of(page).toPrettyString());
          } else {
            page.refusals().forEach(refusal -> row(out, refusal));
            out.println(
                page.next() == null
                    ? page.refusals().size()
                        + " refused events; at most 100 a type and hour are kept."
                    : "More: --after " + page.next());
          }
          out.flush();
          return 0;
        });
  }

  private static <P> P place(Optional<String> after, Function<@Nullable String, P> reader) {
    try {
      return reader.apply(after.orElse(null));
    } catch (IllegalArgumentException e) {
      throw new StartupException("--" + e.getMessage(), e);
    }
  }

  private static void row(PrintWriter out, EventView event) {
    out.printf(
        "%s %-15s %s  %-32s %-20s %s%n",
        event.pkey(),
        event.status(),
        Operator.time(event.receivedAt()),
        event.email() == null ? "recipient not known yet" : Operator.shown(event.email()),
        Operator.shown(event.eventType()),
        Operator.shown(event.because()));
  }

  private static void row(PrintWriter out, RefusalView refusal) {
    out.printf(
        "%s %d  %-20s %-32s %-20s %s%n",
        Operator.time(refusal.at()),
        refusal.answer(),
        Operator.shown(refusal.eventType()),
        Operator.shown(refusal.email()),
        Operator.shown(refusal.documentId()),
        Operator.shown(refusal.because()));
  }
}
