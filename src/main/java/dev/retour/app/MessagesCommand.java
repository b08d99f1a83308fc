package dev.retour.app;

import dev.retour.config.FileFault;
import dev.retour.config.Settings;
import dev.retour.messages.LifecycleAnswer;
import dev.retour.messages.MessageJson;
import dev.retour.messages.MessageOrder;
import dev.retour.messages.MessageView;
import dev.retour.messages.MessagesConfig;
import dev.retour.messages.MessagesModule;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./retour messages …}: which version of a message is in force, and what changes that. */
@Command(
    name = "messages",
    mixinStandardHelpOptions = true,
    subcommands = {
      MessagesPreviewCommand.class,
      MessagesProofCommand.class,
      MessagesExportCommand.class,
      MessagesImportCommand.class
    },
    description =
        "Publishes, pauses and rolls back messages. A folder is a draft until it is published; the"
            + " engine must run.")
final class MessagesCommand implements Runnable {
  private static final int HISTORY_MAX = 100;
  private static final int REFUSED = 2;

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

  /** The room, on the database of the running engine. */
  static int with(SettingsFlags flags, ToIntFunction<MessagesModule> work) {
    Settings settings = flags.read().settings();
    MessagesConfig config = MessagesConfig.from(settings);
    InstantSource clock = InstantSource.system();
    try (SourcesPart sources = new SourcesPart(settings, clock)) {
      return flags.withStore(
          database ->
              work.applyAsInt(
                  new MessagesModule(config, database.jdbi(), clock, clock, sources.sources())));
    }
  }

  /** One line a fault, as compilers write them. */
  static int refused(List<FileFault> faults, PrintWriter err) {
    faults.forEach(fault -> err.println(Operator.shown(fault.toString())));
    err.println(faults.size() + " fault(s). Nothing was published.");
    err.flush();
    return REFUSED;
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "All messages: where they stand, and whether their folder differs.")
  int list(@Option(names = "--json", description = "As JSON.") boolean json) {
    return with(
        flags,
        room -> {
          PrintWriter out = spec.commandLine().getOut();
          List<MessageView> all = room.folders().list();
          if (json) {
            out.println(MessageJson.page(all).toPrettyString());
          } else {
            all.forEach(view -> MessagesPrint.line(out, view));
            if (all.isEmpty()) {
              out.println("There is no message, and no folder of one.");
            }
          }
          out.flush();
          return 0;
        });
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "One message with its versions and what was done to it.")
  int show(
      @Parameters(paramLabel = "ID") String id,
      @Option(names = "--json", description = "As JSON.") boolean json) {
    return with(
        flags,
        room -> {
          Optional<MessageView> view = room.folders().find(id);
          if (view.isEmpty()) {
            spec.commandLine().getErr().println("There is no message " + Operator.shown(id) + ".");
            return 1;
          }
          PrintWriter out = spec.commandLine().getOut();
          if (json) {
            out.println(
                MessageJson.of(
                        view.get(),
                        room.folders().versions(id),
                        room.folders().history(id, HISTORY_MAX))
                    .toPrettyString());
          } else {
            MessagesPrint.line(out, view.get());
            out.println();
            MessagesPrint.history(out, room.folders().history(id, HISTORY_MAX));
          }
          out.flush();
          return 0;
        });
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = "Says every fault for which a publication would be refused; changes nothing.")
  int check(@Parameters(paramLabel = "ID", arity = "0..*") @Nullable List<String> ids) {
    return with(
        flags,
        room -> {
          List<String> which =
              ids != null && !ids.isEmpty()
                  ? ids
                  : room.folders().list().stream().map(MessageView::id).toList();
          List<FileFault> faults =
              which.stream().flatMap(id -> room.folders().check(id).stream()).distinct().toList();
          if (!faults.isEmpty()) {
            return refused(faults, spec.commandLine().getErr());
          }
          spec.commandLine().getOut().println(which.size() + " message(s) without fault.");
          return 0;
        });
  }

  @Command(
      name = "diff",
      mixinStandardHelpOptions = true,
      description = "What a publication would change, as a unified diff.")
  int diff(
      @Parameters(paramLabel = "ID") String id,
      @Option(names = "--from", paramLabel = "N", description = "Version, else that in force.")
          @Nullable Integer from,
      @Option(names = "--to", paramLabel = "N", description = "Version, else the folder.")
          @Nullable Integer to) {
    return with(
        flags,
        room -> {
          try {
            PrintWriter out = spec.commandLine().getOut();
            room.folders().diff(id, from, to).forEach(line -> out.println(Operator.shown(line)));
            out.flush();
            return 0;
          } catch (IllegalArgumentException e) {
            throw new StartupException(Operator.shown(e.getMessage()), e);
          }
        });
  }

  @Command(
      name = "publish",
      mixinStandardHelpOptions = true,
      description = "Checks the folders and puts them in force as new versions.")
  int publish(
      @Parameters(paramLabel = "ID", arity = "1..*") List<String> ids, @Mixin Because because) {
    return each(ids, because, (room, order) -> room.lifecycle().publish(order));
  }

  @Command(
      name = "pause",
      mixinStandardHelpOptions = true,
      description = "Keeps the events of messages; they wait until their own expiration.")
  int pause(
      @Parameters(paramLabel = "ID", arity = "1..*") List<String> ids, @Mixin Because because) {
    return each(ids, because, (room, order) -> room.lifecycle().pause(order));
  }

  @Command(
      name = "resume",
      mixinStandardHelpOptions = true,
      description = "Goes on, with the content as it was changed meanwhile.")
  int resume(
      @Parameters(paramLabel = "ID", arity = "1..*") List<String> ids,
      @Option(names = "--unchanged", description = "With the version in force, not the folder.")
          boolean unchanged,
      @Mixin Because because) {
    return each(ids, because, (room, order) -> room.lifecycle().resume(order, unchanged));
  }

  @Command(
      name = "rollback",
      mixinStandardHelpOptions = true,
      description = "Puts the version before, or another one, in force again.")
  int rollback(
      @Parameters(paramLabel = "ID") String id,
      @Option(names = "--to", paramLabel = "N", description = "Which version.")
          @Nullable Integer to,
      @Mixin Because because) {
    return each(List.of(id), because, (room, order) -> room.lifecycle().rollBack(order, to));
  }

  @Command(
      name = "unpublish",
      mixinStandardHelpOptions = true,
      description = "Refuses new events and ends those that wait.")
  int unpublish(
      @Parameters(paramLabel = "ID", arity = "1..*") List<String> ids,
      @Option(names = "--yes", description = "Does it.") boolean yes,
      @Mixin Because because) {
    return yes
        ? each(ids, because, (room, order) -> room.lifecycle().unpublish(order))
        : unconfirmed("New events would be refused, and those that wait ended.");
  }

  @Command(
      name = "delete",
      mixinStandardHelpOptions = true,
      description = "Takes unpublished messages off the lists; their versions and events stay.")
  int delete(
      @Parameters(paramLabel = "ID", arity = "1..*") List<String> ids,
      @Option(names = "--yes", description = "Does it.") boolean yes,
      @Mixin Because because) {
    return yes
        ? each(ids, because, (room, order) -> room.lifecycle().delete(order))
        : unconfirmed("They would leave the lists. No file is touched.");
  }

  /** Why something is done. */
  static final class Because {
    @Option(names = "--why", defaultValue = "", description = "Reason, for the history.")
    private String why = "";
  }

  private interface StepIn {
    LifecycleAnswer apply(MessagesModule room, MessageOrder order);
  }

  /** One after the other; the first that is not possible ends it. */
  private int each(List<String> ids, Because because, StepIn step) {
    return with(
        flags,
        room -> {
          for (String id : ids) {
            int code = say(step.apply(room, new MessageOrder(id, Operator.name(), because.why)));
            if (code != 0) {
              return code;
            }
          }
          return 0;
        });
  }

  private int say(LifecycleAnswer answer) {
    if (answer instanceof LifecycleAnswer.Done done) {
      spec.commandLine().getOut().println(done.sentence());
      return 0;
    }
    PrintWriter err = spec.commandLine().getErr();
    if (answer instanceof LifecycleAnswer.Refused refused) {
      return refused(refused.faults(), err);
    }
    err.println(((LifecycleAnswer.NotPossible) answer).sentence());
    return 1;
  }

  private int unconfirmed(String plan) {
    spec.commandLine().getOut().println(plan + " Nothing was changed; add --yes.");
    return 0;
  }
}
