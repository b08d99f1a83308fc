package dev.retour.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.config.Setting;
import dev.retour.delivery.DeferredMails;
import dev.retour.domains.DomainEvent;
import dev.retour.domains.DomainRule;
import dev.retour.domains.Domains;
import dev.retour.domains.DomainsConfig;
import dev.retour.domains.DomainsModule;
import dev.retour.domains.Suspension;
import dev.retour.domains.SuspensionPolicy;
import dev.retour.domains.Suspensions;
import dev.retour.mail.DomainName;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./retour domains …}: to which domains sending pauses, why, and the way back. */
@Command(
    name = "domains",
    mixinStandardHelpOptions = true,
    description = "Shows and decides to which domains sending pauses; the engine must run.")
final class DomainsCommand implements Runnable {
  private static final int HISTORY_MAX = 50;
  private static final Duration PAUSE_MAX = Duration.ofDays(30);
  private static final ObjectMapper JSON = new ObjectMapper();

  @Mixin private SettingsFlags flags = new SettingsFlags();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @Command(name = "list", description = "The domains sending pauses to, or begins again slowly.")
  int list(@Option(names = "--json", description = "As JSON.") boolean json) {
    return with(
        (suspensions, domains, mails) -> {
          PrintWriter out = spec.commandLine().getOut();
          List<Suspension> all = suspensions.list();
          if (json) {
            ArrayNode rows = JSON.createArrayNode();
            all.forEach(each -> rows.add(json(each)));
            out.println(rows.toPrettyString());
          } else if (all.isEmpty()) {
            out.println("Sending to no domain pauses.");
          } else {
            all.forEach(each -> show(out, each));
          }
          return 0;
        });
  }

  @Command(
      name = "show",
      description = "What holds for a domain, what was counted, and what happened to it.")
  int show(
      @Parameters(paramLabel = "DOMAIN") String written,
      @Option(names = "--json", description = "As JSON.") boolean json) {
    String domain = inDns(written);
    return with(
        (suspensions, domains, mails) -> {
          PrintWriter out = spec.commandLine().getOut();
          Suspensions.Counted counted = suspensions.counted(domain);
          Optional<Suspension> suspension = suspensions.find(domain);
          List<DomainEvent> history = suspensions.history(domain, HISTORY_MAX);
          DomainRule rule = domains.rules().ruleFor(domain);
          if (json) {
            out.println(json(domain, rule, counted, suspension, history).toPrettyString());
          } else {
            show(out, rule, counted);
            suspension.ifPresent(each -> show(out, each));
            history.forEach(event -> show(out, event));
          }
          return 0;
        });
  }

  @Command(
      name = "suspend",
      description = "Pauses sending to a domain: a dry run unless --yes is given.")
  int suspend(
      @Parameters(paramLabel = "DOMAIN") String written,
      @Option(names = "--for", required = true, paramLabel = "TIME", description = "Such as 1h.")
          String time,
      @Option(names = "--why", defaultValue = "Paused by hand.", description = "For the history.")
          String why,
      @Option(names = "--yes", description = "Does it.") boolean yes) {
    Duration pause = duration(time);
    String domain = inDns(written);
    if (!domain.matches("[A-Za-z0-9.-]{1,253}")) {
      throw new StartupException("\"" + Operator.shown(domain) + "\" is no domain name.");
    }
    return with(
        (suspensions, domains, mails) -> {
          PrintWriter out = spec.commandLine().getOut();
          if (!yes) {
            out.printf(
                "Sending to %s would pause for %s; its mails wait. Nothing was changed; add --yes.%n",
                Operator.shown(domain), time);
            return 0;
          }
          Suspension made = suspensions.suspend(domain, pause, Operator.name(), why);
          out.printf(
              "Sending to %s pauses until %s; its mails wait.%n",
              Operator.shown(made.domain()), Operator.time(made.until()));
          return 0;
        });
  }

  @Command(
      name = "resume",
      description =
          "Ends the pause: a few probes go first, then more and more. A dry run unless --yes is"
              + " given.")
  int resume(
      @Parameters(paramLabel = "DOMAIN") String written,
      @Option(names = "--why", defaultValue = "Resumed by hand.", description = "For the history.")
          String why,
      @Option(names = "--yes", description = "Does it.") boolean yes) {
    String domain = inDns(written);
    return with(
        (suspensions, domains, mails) -> {
          PrintWriter out = spec.commandLine().getOut();
          Optional<Suspension> found = suspensions.find(domain);
          if (found.isEmpty()) {
            out.printf("Sending to %s does not pause.%n", Operator.shown(domain));
            return 1;
          }
          show(out, found.get());
          if (!yes) {
            out.printf(
                "%d mails wait. Nothing was changed; add --yes.%n",
                mails.waitingFor(found.get().domain()));
            return 0;
          }
          if (!suspensions.resume(domain, Operator.name(), why)) {
            out.println("The pause is over already; sending begins again slowly.");
            return 0;
          }
          out.printf(
              "%d mails go out again, a few probes first.%n",
              mails.waitingFor(found.get().domain()));
          return 0;
        });
  }

  private static String inDns(String written) {
    return DomainName.ascii(written).orElse(written);
  }

  private static Duration duration(String time) {
    try {
      Duration pause = Setting.parseDuration(time);
      if (pause.isZero() || pause.compareTo(PAUSE_MAX) > 0) {
        throw new StartupException("--for must be more than 0s and at most 30d.");
      }
      return pause;
    } catch (IllegalArgumentException e) {
      throw new StartupException("--for " + e.getMessage() + ".", e);
    }
  }

  private static void show(PrintWriter out, Suspension each) {
    out.printf(
        "%-30s %s %s  since %s, by %s%n    %s%n",
        Operator.shown(each.domain()),
        each.isProbing()
            ? "begins slowly, step " + each.step() + ", pause was over"
            : "pauses until",
        Operator.time(each.until()),
        Operator.time(each.since()),
        Operator.shown(each.decidedBy()),
        Operator.shown(each.because()));
  }

  private static void show(PrintWriter out, DomainRule rule, Suspensions.Counted counted) {
    SuspensionPolicy policy = rule.suspension();
    out.printf(
        "Rule         %s: %s%n", String.join(", ", rule.masks()), Operator.shown(rule.because()));
    out.printf("Way out      %s%n", rule.via());
    out.printf(
        "Suspension   %d %% errors of at least %d mails in %d minutes pause for %d minutes; then"
            + " %d probes%n",
        policy.errorPercent(),
        policy.messages(),
        policy.window().toMinutes(),
        policy.pause().toMinutes(),
        policy.probes());
    out.printf("Counted      %d mails, %d errors%n", counted.messages(), counted.errors());
  }

  private static void show(PrintWriter out, DomainEvent event) {
    out.printf(
        "%s  %-10s by %s  %s%n",
        Operator.time(event.at()),
        event.what(),
        Operator.shown(event.decidedBy()),
        Operator.shown(event.because()));
  }

  private static ObjectNode json(
      String domain,
      DomainRule rule,
      Suspensions.Counted counted,
      Optional<Suspension> suspension,
      List<DomainEvent> history) {
    ObjectNode node = JSON.createObjectNode();
    node.put("domain", domain).put("rule", String.join(", ", rule.masks()));
    node.put("because", rule.because()).put("relay", rule.via().toString());
    node.put("messages", counted.messages()).put("errors", counted.errors());
    suspension.ifPresent(each -> node.set("suspension", json(each)));
    ArrayNode events = node.putArray("history");
    history.forEach(
        event ->
            events
                .addObject()
                .put("at", event.at().toString())
                .put("what", event.what())
                .put("because", event.because())
                .put("by", event.decidedBy()));
    return node;
  }

  private static ObjectNode json(Suspension each) {
    return JSON.createObjectNode()
        .put("domain", each.domain())
        .put("since", each.since().toString())
        .put("until", each.until().toString())
        .put("because", each.because())
        .put("by", each.decidedBy())
        .put("step", each.step());
  }

  /** Works on the suspensions of the running engine. */
  private interface Work {
    int on(Suspensions suspensions, Domains domains, DeferredMails mails);
  }

  private int with(Work work) {
    return flags.withStore(
        database -> {
          Domains domains =
              DomainsModule.load(DomainsConfig.from(flags.read().settings()), System.getenv());
          InstantSource clock = InstantSource.system();
          int code =
              work.on(
                  new Suspensions(database.jdbi(), clock, domains),
                  domains,
                  new DeferredMails(database.jdbi()));
          spec.commandLine().getOut().flush();
          return code;
        });
  }
}
