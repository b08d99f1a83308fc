package dev.retour.app;

import dev.retour.config.Setting;
import dev.retour.config.Settings;
import dev.retour.console.ConsoleConfig;
import dev.retour.delivery.CallbackQueue;
import dev.retour.delivery.DeliveryConfig;
import dev.retour.delivery.QueuedMail;
import dev.retour.delivery.RedeliveryPolicy;
import dev.retour.delivery.RedeliveryRequest;
import dev.retour.delivery.RedeliveryRules;
import dev.retour.delivery.RedeliverySchedule;
import dev.retour.erp.CallbackConfig;
import dev.retour.messages.MessageSetException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./retour redelivery …}: when a mail that fails for now is tried again. */
@Command(
    name = "redelivery",
    description = "Shows when a mail that fails for now is tried again, and checks those rules.",
    subcommands = {RedeliveryCommand.Show.class, RedeliveryCommand.Check.class})
public final class RedeliveryCommand {

  /** {@code ./retour redelivery check}: all faults at once. */
  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description =
          "Reports every fault of the redelivery rules at once; exit code 1: there is one.")
  static final class Check implements Callable<Integer> {
    @Mixin private SettingsFlags flags = new SettingsFlags();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      Path file = DeliveryConfig.from(flags.read().settings()).redeliveryRules();
      try {
        RedeliveryRules rules = RedeliveryRules.load(file);
        out.println(
            "No fault: "
                + rules.policies().size()
                + " policies, "
                + rules.presets().size()
                + " presets in "
                + file
                + ".");
        return 0;
      } catch (RedeliveryRules.Fault e) {
        e.faults().forEach(fault -> out.println(Operator.shown(fault.toString())));
        return 1;
      } finally {
        out.flush();
      }
    }
  }

  /** {@code ./retour redelivery show}: the exact timeline. */
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description =
          "Prints when a mail would be attempted if it were refused for now each time: the policy,"
              + " each attempt with what decides about its time, and why there is none after the"
              + " last.")
  static final class Show implements Callable<Integer> {
    @Mixin private SettingsFlags flags = new SettingsFlags();

    @Option(
        names = "--message",
        paramLabel = "EVT…",
        description =
            "The message it is for, as its version in force says, or else its folder; or callback:"
                + " what the ERP is told.")
    private @Nullable String message;

    @Option(names = "--domain", paramLabel = "DOMAIN", description = "The recipient's domain.")
    private String domain = "";

    @Option(
        names = "--at",
        paramLabel = "TIME",
        description =
            "When it is queued: 2026-03-28T21:30, in --zone, or with an offset. Default: now, by the"
                + " clock of the sandbox if it is in use.")
    private @Nullable String at;

    @Option(
        names = "--zone",
        paramLabel = "ZONE",
        description = "Zone of the times, such as Europe/Berlin (default: console.time-zone).")
    private @Nullable String zone;

    @Option(
        names = "--expiration",
        paramLabel = "TIME",
        description = "The end the event itself brings.")
    private @Nullable String expiration;

    @Option(names = "--preset", description = "What the event asks for: a preset of the rules.")
    private @Nullable String preset;

    @Option(names = "--attempts", description = "What the event asks for: number of attempts.")
    private @Nullable Integer attempts;

    @Option(names = "--spacing", description = "What the event asks for: distance, such as 10m.")
    private @Nullable String spacing;

    @Option(names = "--duration", description = "What the event asks for: duration, such as 2h.")
    private @Nullable String duration;

    @Option(
        names = "--package",
        paramLabel = "NUMBER",
        description = "A work package of the queue instead: what still comes.")
    private @Nullable Long packageId;

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
      Settings settings = flags.read().settings();
      try {
        RedeliveryRules rules =
            RedeliveryRules.load(DeliveryConfig.from(settings).redeliveryRules());
        ZoneId shown =
            zone == null ? ConsoleConfig.from(settings).timeZone() : ZoneId.of(zone.strip());
        return packageId == null ? ofPolicy(settings, rules, shown) : ofPackage(rules, shown);
      } catch (RedeliveryRules.Fault e) {
        e.faults().forEach(fault -> refused(fault.toString()));
        return 1;
      } catch (MessageSetException e) {
        e.faults().forEach(fault -> refused(fault.toString()));
        return 1;
      } catch (DateTimeException | IllegalArgumentException e) {
        return refused("That cannot be read: " + e.getMessage());
      }
    }

    private int ofPackage(RedeliveryRules rules, ZoneId shown) {
      long id = packageId == null ? 0 : packageId;
      return flags.withStore(
          database -> {
            Optional<QueuedMail> mail = QueuedMail.find(database.jdbi(), id);
            if (mail.isEmpty()) {
              return refused("There is no work package " + id + ".");
            }
            QueuedMail found = mail.get();
            print(
                new TimelinePrint(
                    null,
                    rules.policyFor(found.message(), found.domain()),
                    found.request(),
                    found.timeline(rules),
                    shown),
                found.queuedAt());
            return 0;
          });
    }

    private int ofPolicy(Settings settings, RedeliveryRules rules, ZoneId shown) {
      RedeliveryRequest request =
          new RedeliveryRequest(preset, attempts, duration(spacing), duration(duration));
      if (preset != null && !rules.presets().containsKey(preset)) {
        return refused("There is no preset " + preset + "; there are " + rules.presets().keySet());
      }
      InstantSource clock = SandboxPart.clock(settings, InstantSource.system());
      Instant queuedAt = at == null ? clock.instant() : time(at, shown);
      String to = domain.strip().toLowerCase(Locale.ROOT);
      String of = message == null ? "" : message;
      RedeliverySchedule schedule = rules.scheduleFor(of, to, request);
      Instant end = schedule.end(queuedAt);
      RedeliveryMessage found = null;
      if (of.equals(CallbackQueue.MESSAGE)) {
        end = earlier(end, queuedAt.plus(settings.get(CallbackConfig.VALIDITY)));
      } else if (message != null) {
        found = RedeliveryMessage.find(settings, message).orElse(null);
        if (found == null) {
          return refused("There is no message " + message + ", neither in force nor in a folder.");
        }
        end = earlier(end, queuedAt.plus(found.validity()));
      }
      if (expiration != null) {
        end = earlier(end, time(expiration, shown));
      }
      RedeliveryPolicy policy = rules.policyFor(of, to);
      print(
          new TimelinePrint(found, policy, request, schedule.timeline(0, queuedAt, end), shown),
          queuedAt);
      return 0;
    }

    private void print(TimelinePrint timeline, Instant queuedAt) {
      PrintWriter out = spec.commandLine().getOut();
      out.print(json ? timeline.json(queuedAt) : timeline.text(queuedAt));
      out.flush();
    }

    private static @Nullable Duration duration(@Nullable String text) {
      return text == null ? null : Setting.parseDuration(text);
    }

    private static Instant time(String text, ZoneId zone) {
      String iso = text.strip().replace(' ', 'T');
      return iso.matches(".*(Z|[+-][0-9]{2}:?[0-9]{2})")
          ? OffsetDateTime.parse(iso).toInstant()
          : LocalDateTime.parse(iso).atZone(zone).toInstant();
    }

    private static Instant earlier(Instant one, Instant other) {
      return one.isBefore(other) ? one : other;
    }

    private int refused(String sentence) {
      spec.commandLine().getErr().println(Operator.shown(sentence));
      return 1;
    }
  }
}
