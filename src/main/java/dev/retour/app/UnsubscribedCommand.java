package dev.retour.app;

import dev.retour.quarantine.Unsubscription;
import dev.retour.quarantine.Unsubscriptions;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ./retour quarantine unsubscribed …}: who wants no more mails of which category. */
@Command(
    name = "unsubscribed",
    mixinStandardHelpOptions = true,
    description = "Shows who unsubscribed from what; its sub-commands put on a list and take off.")
final class UnsubscribedCommand implements Runnable {
  @ParentCommand private QuarantineCommand quarantine = new QuarantineCommand();

  @Option(names = "--category", paramLabel = "NAME", description = "Only this one.")
  private @Nullable String category;

  @Option(names = "--address", paramLabel = "ADDRESS", description = "Only this one.")
  private @Nullable String address;

  @Option(names = "--limit", defaultValue = "100", description = "At most so many.")
  private int limit = 100;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    with(
        unsubscriptions -> {
          PrintWriter out = spec.commandLine().getOut();
          List<Unsubscription> all = unsubscriptions.list(category, address, limit);
          for (Unsubscription each : all) {
            out.printf(
                "%-40s %-20s %s  %s%s%n",
                Operator.shown(each.address()),
                each.category(),
                Operator.time(each.at()),
                each.how().label(),
                each.eventId() == null ? "" : "  event " + each.eventId());
          }
          if (all.isEmpty()) {
            out.println("Nobody.");
          }
          out.flush();
          return 0;
        });
  }

  @Command(
      name = "remove",
      description = "Takes addresses off the list of a category, as their owners asked for.")
  int remove(
      @Parameters(index = "0", paramLabel = "CATEGORY") String from,
      @Parameters(index = "1..*", arity = "1..*", paramLabel = "ADDRESS") List<String> addresses,
      @Option(names = "--why", required = true, description = "Reason, for the history.")
          String why) {
    return with(
        unsubscriptions ->
            each(
                addresses,
                each ->
                    unsubscriptions.remove(each, from, Operator.name(), why)
                        ? "gets mails of " + from + " again."
                        : "had not unsubscribed from " + from + "."));
  }

  @Command(
      name = "add",
      description = "Puts addresses on the list of a category, for who asked by letter or phone.")
  int add(
      @Parameters(index = "0", paramLabel = "CATEGORY") String to,
      @Parameters(index = "1..*", arity = "1..*", paramLabel = "ADDRESS") List<String> addresses,
      @Option(names = "--why", required = true, description = "Reason, for the history.")
          String why) {
    return with(
        unsubscriptions ->
            each(
                addresses,
                each ->
                    unsubscriptions.add(each, to, Operator.name(), why)
                        ? "gets no more mails of " + to + "."
                        : "had unsubscribed from " + to + " before."));
  }

  /** What is done with one address; says what became of it. */
  private interface Work {
    String on(String address);
  }

  private int each(List<String> addresses, Work work) {
    PrintWriter out = spec.commandLine().getOut();
    for (String each : addresses) {
      out.println(Operator.shown(each) + " " + work.on(each));
    }
    out.flush();
    return 0;
  }

  private int with(ToIntFunction<Unsubscriptions> work) {
    return quarantine
        .flags()
        .withStore(
            database ->
                work.applyAsInt(
                    new Unsubscriptions(
                        database.jdbi(), InstantSource.system(), quarantine.flags().facts())));
  }
}
