package dev.retour.app;

import dev.retour.delivery.Facts;
import dev.retour.quarantine.AddressBook;
import dev.retour.quarantine.AddressChange;
import dev.retour.quarantine.AddressEntry;
import dev.retour.quarantine.AddressHistoryEntry;
import dev.retour.quarantine.AddressLists;
import dev.retour.quarantine.AddressState;
import dev.retour.quarantine.DecisionUndo;
import dev.retour.quarantine.DomainReach;
import dev.retour.quarantine.QuarantineConfig;
import dev.retour.quarantine.StandingListener;
import dev.retour.store.Database;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./retour quarantine …}: who may not be written to, why, and the way back. */
@Command(
    name = "quarantine",
    mixinStandardHelpOptions = true,
    subcommands = {HeldCommand.class, UnsubscribedCommand.class},
    description = "Shows and changes which addresses may be written to; the engine must run.")
final class QuarantineCommand implements Runnable {
  @Mixin private SettingsFlags flags = new SettingsFlags();

  @Spec private CommandSpec spec = CommandSpec.create();

  /** As typed, before or after the name of a sub-command. */
  SettingsFlags flags() {
    return flags;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @Command(name = "list", description = "The addresses of one state, last changed first.")
  int list(
      @Option(
              names = "--state",
              defaultValue = "quarantined",
              description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
          AddressState state,
      @Option(names = "--limit", defaultValue = "100", description = "At most so many.")
          int limit) {
    return flags.withStore(
        database -> {
          PrintWriter out = spec.commandLine().getOut();
          for (AddressEntry row : book(database).list(state, limit)) {
            out.printf(
                "%-40s %s  reason %s  rule %s  %s%n",
                row.address(),
                Operator.time(row.changedAt()),
                row.reason(),
                row.ruleId(),
                Operator.shown(row.failureText()));
          }
          out.flush();
          return 0;
        });
  }

  @Command(name = "show", description = "The history of an address, newest first.")
  int show(@Parameters(paramLabel = "ADDRESS") String address) {
    return flags.withStore(
        database -> {
          PrintWriter out = spec.commandLine().getOut();
          for (AddressHistoryEntry entry : book(database).history(address, 1_000)) {
            out.printf(
                "%s  %s -> %s  errors %d -> %d  by %s %s  reason %s  rule %s  %s%n",
                Operator.time(entry.at()),
                entry.before(),
                entry.after(),
                entry.errorsBefore(),
                entry.errorsAfter(),
                entry.cause(),
                entry.reference(),
                entry.reason(),
                entry.ruleId(),
                Operator.shown(entry.failureText()));
          }
          out.flush();
          return 0;
        });
  }

  @Command(
      name = "set",
      description = "Sets addresses to valid (a release), quarantined, denylisted or allowlisted.")
  int set(
      @Parameters(index = "0", paramLabel = "STATE") AddressState state,
      @Parameters(index = "1..*", arity = "1..*", paramLabel = "ADDRESS") List<String> addresses,
      @Option(names = "--why", required = true, description = "Reason, for the history.")
          String why) {
    if (state == AddressState.WITH_ERRORS) {
      throw new StartupException("with_errors is counted, it cannot be set.");
    }
    return flags.withStore(
        database -> {
          for (String address : addresses) {
            AddressChange change = book(database).set(address, state, Operator.name(), why);
            spec.commandLine().getOut().println(address + ": " + change.sentence());
          }
          return 0;
        });
  }

  @Command(
      name = "undo",
      description = "Takes back what bounces and answers decided: a dry run unless --yes is given.")
  int undo(@Mixin UndoFlags which) {
    DecisionUndo.Selection selection = which.selection();
    Facts facts = flags.facts();
    return flags.withStore(
        database -> {
          PrintWriter out = spec.commandLine().getOut();
          DecisionUndo undo = new DecisionUndo(database.jdbi(), InstantSource.system(), facts);
          List<DecisionUndo.Step> plan = undo.plan(selection);
          for (DecisionUndo.Step step : plan) {
            out.printf(
                "%-40s %s -> %s%s%n",
                step.address(),
                step.now().label(),
                step.back().label(),
                step.refusal() == null ? "" : "  LEFT ALONE: " + step.refusal());
          }
          long possible = plan.stream().filter(step -> step.refusal() == null).count();
          if (which.yes) {
            int done = undo.carryOut(plan, Operator.name(), which.why());
            out.printf("%d of %d addresses taken back.%n", done, plan.size());
          } else {
            out.printf(
                "%d of %d addresses would be taken back. Nothing was changed; add --yes.%n",
                possible, plan.size());
          }
          out.flush();
          return 0;
        });
  }

  @Command(name = "export", description = "Writes quarantine, denylist and allowlist as CSV.")
  int export(
      @Parameters(paramLabel = "FILE", arity = "0..1", description = "Default: standard output.")
          @Nullable Path file,
      @Option(names = "--state", split = ",", description = "Only these states.")
          @Nullable List<AddressState> states) {
    List<AddressState> wanted =
        states == null
            ? List.of(AddressState.QUARANTINED, AddressState.DENYLISTED, AddressState.ALLOWLISTED)
            : states;
    return flags.withStore(
        database -> {
          AddressLists lists =
              new AddressLists(database.jdbi(), InstantSource.system(), StandingListener.NOBODY);
          PrintWriter err = spec.commandLine().getErr();
          try {
            if (file == null) {
              lists.write(spec.commandLine().getOut(), wanted);
              return 0;
            }
            try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
              err.println(lists.write(out, wanted) + " addresses written to " + file + ".");
            }
            return 0;
          } catch (IOException e) {
            throw new StartupException(file + " cannot be written: " + e.getMessage(), e);
          }
        });
  }

  @Command(
      name = "import",
      description = "Reads such a CSV: all of it, or with a bad line nothing.")
  int read(@Parameters(paramLabel = "FILE") Path file) {
    Facts facts = flags.facts();
    return flags.withStore(
        database -> {
          PrintWriter out = spec.commandLine().getOut();
          try (Reader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            AddressLists.Imported imported =
                new AddressLists(database.jdbi(), InstantSource.system(), facts)
                    .read(in, Operator.name());
            imported.faults().forEach(fault -> out.println(file + " " + fault));
            out.println(
                imported.faults().isEmpty()
                    ? imported.changed()
                        + " addresses set, "
                        + imported.unchanged()
                        + " were so already."
                    : "Nothing was imported.");
            out.flush();
            return imported.faults().isEmpty() ? 0 : 1;
          } catch (IOException e) {
            throw new StartupException(file + " cannot be read: " + e.getMessage(), e);
          }
        });
  }

  /** Which decisions are taken back. */
  static final class UndoFlags {
    @Option(names = "--address", paramLabel = "MASK", description = "For instance *@icloud.com.")
    private @Nullable String addresses;

    @Option(names = "--text", paramLabel = "TEXT", description = "Part of the answer's text.")
    private @Nullable String text;

    @Option(names = "--rule", paramLabel = "ID", description = "The rule that decided.")
    private @Nullable String rule;

    @Option(
        names = "--from",
        required = true,
        paramLabel = "TIME",
        description = "10:00 (today), 2026-03-01T10:00 (here) or 2026-03-01T10:00:00Z.")
    private String from = "";

    @Option(names = "--until", paramLabel = "TIME", description = "Default: now.")
    private @Nullable String until;

    @Option(names = "--why", description = "Reason, for the history.")
    private @Nullable String why;

    @Option(names = "--yes", description = "Does it.")
    private boolean yes;

    DecisionUndo.Selection selection() {
      Instant now = InstantSource.system().instant();
      ZoneId zone = ZoneId.systemDefault();
      try {
        return new DecisionUndo.Selection(
            addresses,
            text,
            rule,
            time(from, now, zone),
            until == null ? now : time(until, now, zone));
      } catch (IllegalArgumentException e) {
        throw new StartupException(String.valueOf(e.getMessage()), e);
      }
    }

    String why() {
      return why == null ? "Undo." : why;
    }
  }

  /** A time of day today, a local date and time, or one with its offset. */
  static Instant time(String text, Instant now, ZoneId zone) {
    try {
      if (text.length() <= "10:00:00".length()) {
        return ZonedDateTime.ofInstant(now, zone).with(LocalTime.parse(text)).toInstant();
      }
      return text.matches(".*(Z|[+-][0-9]{2}:?[0-9]{2})")
          ? OffsetDateTime.parse(text).toInstant()
          : LocalDateTime.parse(text).atZone(zone).toInstant();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no time such as 10:00, 2026-03-01T10:00 or 2026-03-01T10:00:00Z.",
          e);
    }
  }

  private AddressBook book(Database database) {
    return new AddressBook(
        database.jdbi(),
        InstantSource.system(),
        QuarantineConfig.from(flags.read().settings()),
        DomainReach.UNKNOWN,
        flags.facts());
  }
}
