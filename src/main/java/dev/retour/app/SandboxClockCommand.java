package dev.retour.app;

import dev.retour.config.Setting;
import dev.retour.config.Settings;
import dev.retour.delivery.RelayConfig;
import dev.retour.sandbox.SandboxClock;
import dev.retour.sandbox.SandboxConfig;
import dev.retour.sandbox.SandboxException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./retour sandbox clock [+24h|reset]}: moves the time of the running engine. */
@Command(
    name = "clock",
    mixinStandardHelpOptions = true,
    description =
        "Shows the clock of the sandbox, or moves it forward: what is due within that time happens"
            + " now. Only without smtp.host; exit code 1 when refused.")
final class SandboxClockCommand implements Callable<Integer> {
  private static final Duration TAKEN_UP_WITHIN = Duration.ofSeconds(15);
  private static final long ASK_EVERY_MILLIS = 250;

  @Parameters(
      arity = "0..1",
      defaultValue = "",
      paramLabel = "+TIME|reset",
      description =
          "+24h, +90m, +5d: forward by so much. reset: back to real time; only while the engine is"
              + " stopped.")
  private String move = "";

  @Option(names = "--yes", description = "Does the reset.")
  private boolean yes;

  @Mixin private SettingsFlags flags = new SettingsFlags();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    Settings settings = flags.read().settings();
    if (!settings.text(RelayConfig.HOST).isBlank()) {
      return refused(
          "The clock cannot be moved: smtp.host is set, mails go to real people. Only the sandbox"
              + " has a clock of its own.");
    }
    Path dir = SandboxConfig.from(settings).dir();
    try {
      if (move.equals("reset")) {
        return reset(settings, dir);
      }
      SandboxClock clock = SandboxClock.of(dir, InstantSource.system());
      return move.isEmpty() ? show(clock) : advance(settings, clock);
    } catch (SandboxException e) {
      return refused(String.valueOf(e.getMessage()));
    }
  }

  private int advance(Settings settings, SandboxClock clock) {
    if (!move.startsWith("+")) {
      return refused(
          "The sandbox clock moves forward only: +24h, +90m, +5d. A time that goes back would make"
              + " a mess of what is due.");
    }
    Duration by;
    try {
      by = Setting.parseDuration(move.substring(1));
    } catch (IllegalArgumentException e) {
      return refused("The time " + e.getMessage() + ".");
    }
    clock.advance(by);
    show(clock);
    return await(settings, SandboxPart.clockSentence(clock.offset()).english());
  }

  /** What the engine said when it was asked for its time. */
  private enum Engine {
    MOVED,
    NOT_MOVED,
    STOPPED
  }

  private int await(Settings settings, String expected) {
    PrintWriter out = spec.commandLine().getOut();
    switch (moved(ApiClient.of(HttpConfig.from(settings)), expected)) {
      case MOVED -> out.println("The running engine has taken it up.");
      case STOPPED -> out.println("No engine is running; it holds from the next start.");
      case NOT_MOVED -> {
        return refused(
            "The running engine has not taken it up: does it use this folder and the sandbox?");
      }
    }
    out.flush();
    return 0;
  }

  /** Asks until the engine has read the file, which it does by itself, or the time is over. */
  private static Engine moved(ApiClient engine, String expected) {
    CompletableFuture<Engine> answer = new CompletableFuture<>();
    ScheduledExecutorService asking = Executors.newSingleThreadScheduledExecutor();
    try {
      Future<?> asks =
          asking.scheduleWithFixedDelay(
              () -> ask(engine, expected, answer), 0, ASK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
      Engine said =
          answer
              .completeOnTimeout(
                  Engine.NOT_MOVED, TAKEN_UP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
              .join();
      asks.cancel(true);
      return said;
    } finally {
      asking.shutdownNow();
    }
  }

  private static void ask(ApiClient engine, String expected, CompletableFuture<Engine> answer) {
    try {
      if (engine.get("observe/health?data=true").json().toString().contains(expected)) {
        answer.complete(Engine.MOVED);
      }
    } catch (StartupException e) {
      answer.complete(Engine.STOPPED);
    } catch (RuntimeException e) {
      answer.completeExceptionally(e);
    }
  }

  private int reset(Settings settings, Path dir) {
    try {
      ApiClient.of(HttpConfig.from(settings)).get("observe/health");
    } catch (StartupException stopped) {
      PrintWriter out = spec.commandLine().getOut();
      if (yes) {
        SandboxClock.reset(dir);
      }
      out.println(
          "From the next start on the sandbox runs with real time"
              + (yes ? "." : ", if you add --yes.")
              + " What is due by the moved clock stays due at that time; begin with an empty"
              + " --data-dir to be rid of it.");
      out.flush();
      return 0;
    }
    return refused("Time cannot go back while the engine runs; stop it first.");
  }

  private int show(SandboxClock clock) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        SandboxPart.clockSentence(clock.offset()).english()
            + " It is "
            + Operator.time(clock.instant())
            + " there.");
    out.flush();
    return 0;
  }

  private int refused(String sentence) {
    spec.commandLine().getErr().println(sentence);
    return 1;
  }
}
