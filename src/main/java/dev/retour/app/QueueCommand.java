package dev.retour.app;

import dev.retour.config.Settings;
import dev.retour.delivery.QueueAction;
import dev.retour.delivery.QueueDesk;
import dev.retour.delivery.QueueDetail;
import dev.retour.delivery.QueueEntry;
import dev.retour.delivery.QueueJson;
import dev.retour.delivery.QueueOrder;
import dev.retour.domains.DomainsConfig;
import dev.retour.domains.DomainsModule;
import dev.retour.mail.EmailAddress;
import dev.retour.mail.MailSigner;
import dev.retour.mail.SigningConfig;
import dev.retour.store.Database;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./retour queue …}: which mails wait, failed or went out, and what a person does then. */
@Command(
    name = "queue",
    mixinStandardHelpOptions = true,
    description = "Shows and changes work packages; the engine must run.")
final class QueueCommand implements Runnable {
  @Mixin private SettingsFlags flags = new SettingsFlags();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Work packages by filters, newest first.")
  int list(
      @Mixin QueueWhich which,
      @Option(names = "--json", description = "As JSON.") boolean json,
      @Option(names = "--limit", defaultValue = "50", description = "At most so many, up to 1000.")
          int limit,
      @Option(
              names = "--before",
              paramLabel = "ID",
              description = "The next page: only packages below this id.")
          Optional<Long> before) {
    return flags.withStore(
        database -> {
          PrintWriter out = spec.commandLine().getOut();
          QueueDesk desk = new QueueDesk(database.jdbi(), InstantSource.system());
          List<QueueEntry> page = desk.list(which.filter(), before.orElse(Long.MAX_VALUE), limit);
          if (json) {
            out.println(QueueJson.page(page, limit).toPrettyString());
          } else {
            new QueuePrint(out).page(page, limit);
          }
          out.flush();
          return 0;
        });
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "One work package with its attempts, its log and its bounces.")
  int show(
      @Parameters(paramLabel = "ID") long id,
      @Option(names = "--json", description = "As JSON.") boolean json) {
    return flags.withStore(
        database -> {
          QueueDesk desk = new QueueDesk(database.jdbi(), InstantSource.system());
          Optional<QueueDetail> found = desk.show(id);
          if (found.isEmpty()) {
            spec.commandLine().getErr().println("There is no work package " + id + ".");
            return 1;
          }
          PrintWriter out = spec.commandLine().getOut();
          if (json) {
            out.println(QueueJson.of(found.get()).toPrettyString());
          } else {
            new QueuePrint(out).detail(found.get());
          }
          out.flush();
          return 0;
        });
  }

  @Command(
      name = "clear-error",
      mixinStandardHelpOptions = true,
      description = "Clears the error; this is the retry: the package is due at once.")
  int clearError(@Mixin QueueSelection which) {
    return change(QueueAction.CLEAR_ERROR, which);
  }

  @Command(
      name = "acknowledge",
      mixinStandardHelpOptions = true,
      description = "Notes that you have seen the error; nothing else changes.")
  int acknowledge(@Mixin QueueSelection which) {
    return change(QueueAction.ACKNOWLEDGE, which);
  }

  @Command(
      name = "retry",
      mixinStandardHelpOptions = true,
      description = "Tries waiting packages now instead of later.")
  int retry(@Mixin QueueSelection which) {
    return change(QueueAction.RETRY, which);
  }

  @Command(
      name = "recipient",
      mixinStandardHelpOptions = true,
      description = "Changes the recipient from the next attempt on.")
  int recipient(
      @Mixin QueueSelection which,
      @Option(names = "--to", required = true, paramLabel = "ADDRESS", description = "The new one.")
          String to) {
    EmailAddress address =
        EmailAddress.parse(to)
            .orElseThrow(
                () -> new StartupException("\"" + Operator.shown(to) + "\" is no mail address."));
    return change(new QueueOrder(QueueAction.RECIPIENT, Operator.name(), address), which);
  }

  @Command(
      name = "cancel",
      mixinStandardHelpOptions = true,
      description = "Never sends what waits or failed.")
  int cancel(@Mixin QueueSelection which) {
    return change(QueueAction.CANCEL, which);
  }

  @Command(
      name = "release",
      mixinStandardHelpOptions = true,
      description = "Takes packages from a sidecar whose lease ran out.")
  int release(@Mixin QueueSelection which) {
    return change(QueueAction.RELEASE, which);
  }

  @Command(
      name = "settle",
      mixinStandardHelpOptions = true,
      description = "Says what became of packages whose outcome is unknown.")
  int settle(
      @Mixin QueueSelection which,
      @Option(
              names = "--as",
              required = true,
              paramLabel = "sent|not-sent",
              description = "What became of it. not-sent leads to error: clear it to send.")
          String as,
      @Option(names = "--retry", description = "With not-sent: send it now.") boolean retry) {
    switch (as.toLowerCase(Locale.ROOT)) {
      case "sent":
        if (retry) {
          throw new StartupException("What was sent is not tried again; leave out --retry.");
        }
        return change(QueueAction.SETTLE_SENT, which);
      case "not-sent":
        return change(retry ? QueueAction.SETTLE_AND_RETRY : QueueAction.SETTLE_NOT_SENT, which);
      default:
        throw new StartupException("--as takes sent or not-sent.");
    }
  }

  @Command(
      name = "send-again",
      mixinStandardHelpOptions = true,
      description =
          "Sends what was sent once more, as a mail of its own; the recipient gets two of them.")
  int sendAgain(@Mixin QueueSelection which) {
    return change(QueueAction.SEND_AGAIN, which);
  }

  private int change(QueueAction action, QueueSelection which) {
    return change(QueueOrder.of(action, Operator.name()), which);
  }

  private int change(QueueOrder order, QueueSelection which) {
    Settings settings = flags.read().settings(); // the ERP is told what a person does, too
    return flags.withStore(
        database ->
            new QueueChange(desk(database, order.action(), settings), spec.commandLine())
                .carryOut(order, which));
  }

  /** What is sent once more is signed here, by the same keys and rules as in the engine. */
  private QueueDesk desk(Database database, QueueAction action, Settings settings) {
    InstantSource clock = InstantSource.system();
    MailSigner signer =
        action == QueueAction.SEND_AGAIN
            ? Edited.signer(
                SigningConfig.from(settings),
                DomainsModule.load(DomainsConfig.from(settings), System.getenv()))
            : MailSigner.none();
    return new QueueDesk(database.jdbi(), clock, clock, flags.facts(), signer);
  }
}
