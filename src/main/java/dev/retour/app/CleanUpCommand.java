package dev.retour.app;

import dev.retour.config.Settings;
import dev.retour.delivery.DeliveryCleanUp;
import dev.retour.delivery.RetentionConfig;
import dev.retour.events.EventCleanUp;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ./retour clean-up}: what the daily clean-up would remove of mails; changes nothing. */
@Command(
    name = "clean-up",
    mixinStandardHelpOptions = true,
    description =
        "Says how much the daily clean-up would remove of what is settled; changes nothing. The"
            + " engine must run.")
final class CleanUpCommand implements Callable<Integer> {
  @Mixin private SettingsFlags flags = new SettingsFlags();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    Settings settings = flags.read().settings();
    RetentionConfig retention = RetentionConfig.from(settings);
    return flags.withStore(
        database -> {
          DeliveryCleanUp packages =
              new DeliveryCleanUp(database.jdbi(), InstantSource.system(), retention);
          PrintWriter out = spec.commandLine().getOut();
          out.println("The next clean-up would remove:");
          line(
              out,
              packages.mailsDue(),
              "mails lose their bytes",
              RetentionConfig.RAW_RETENTION.key(),
              settings.text(RetentionConfig.RAW_RETENTION));
          line(
              out,
              new EventCleanUp(database.jdbi(), packages).due(),
              "events with all of their packages",
              RetentionConfig.RETENTION.key(),
              settings.text(RetentionConfig.RETENTION) + ", or retention of their message");
          line(
              out,
              packages.callbacksAndDigestsDue(),
              "callbacks and digests",
              RetentionConfig.RETENTION.key(),
              settings.text(RetentionConfig.RETENTION));
          out.println("Nothing was changed.");
          out.flush();
          return 0;
        });
  }

  private static void line(PrintWriter out, long count, String what, String key, String value) {
    out.printf("%9d  %-34s %s=%s%n", count, what, key, value);
  }
}
