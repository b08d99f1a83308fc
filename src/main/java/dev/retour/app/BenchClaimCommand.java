package dev.retour.app;

import dev.retour.delivery.ClaimRounds;
import dev.retour.delivery.ClaimedPackage;
import dev.retour.delivery.DeliveryConfig;
import dev.retour.store.Database;
import dev.retour.store.StoreConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code retour bench claim}: how long a claim takes beside few and beside many parked packages.
 */
@Command(
    name = "claim",
    mixinStandardHelpOptions = true,
    description =
        "Fills two databases of its own with packages that wait for later, few and many, and"
            + " measures by turns how long a claim and an idle poll take in each.")
final class BenchClaimCommand implements java.util.concurrent.Callable<Integer> {
  private static final double MILLI = 1e6;
  private static final int PERCENT = 100;
  private static final int NEARLY_ALL = 99;
  private static final int WARM_UP_SHARE = 5;

  @Option(
      names = "--parked",
      split = ",",
      arity = "1",
      defaultValue = "10000,1000000",
      paramLabel = "N,N",
      description = "Packages that wait, few and many (${DEFAULT-VALUE}).")
  private List<Integer> parked = List.of();

  @Option(
      names = "--rounds",
      defaultValue = "1000",
      description = "Claims and idle polls in each, ${DEFAULT-VALUE}; a fifth more to warm up.")
  private int rounds = 1_000;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Any setting, for instance delivery.batch=200.")
  private Map<String, String> more = new LinkedHashMap<>();

  @Mixin private ScratchDir dir = new ScratchDir();

  @Spec private CommandSpec spec = CommandSpec.create();

  /** One of the two queues with its times, nanoseconds. */
  private static final class Side {
    private final int parked;
    private final int batch;
    private final ClaimRounds queue;
    private final List<Long> claims = new ArrayList<>();
    private final List<Long> polls = new ArrayList<>();

    Side(int parked, Database database, DeliveryConfig config) {
      this.parked = parked;
      this.batch = config.batch();
      this.queue =
          new ClaimRounds(database.jdbi(), database.jdbiByIndex(), InstantSource.system(), config);
      queue.park(parked);
      queue.tidy();
    }

    void round() {
      queue.makeDue(batch);
      long start = System.nanoTime();
      List<ClaimedPackage> claimed = queue.claim();
      long end = System.nanoTime();
      if (claimed.size() != batch) {
        throw new StartupException(
            "A claim took " + claimed.size() + " of " + batch + " packages.");
      }
      claims.add(end - start);
      queue.settle(claimed);
      start = System.nanoTime();
      claimed = queue.claim();
      polls.add(System.nanoTime() - start);
      if (!claimed.isEmpty()) {
        throw new StartupException("A parked package was claimed before its time.");
      }
    }

    void forget() {
      claims.clear();
      polls.clear();
    }

    double claim(int percent) {
      return percentile(claims, percent);
    }

    double poll(int percent) {
      return percentile(polls, percent);
    }

    private static double percentile(List<Long> nanos, int percent) {
      List<Long> sorted = new ArrayList<>(nanos);
      Collections.sort(sorted);
      return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / PERCENT)) / MILLI;
    }
  }

  @Override
  public Integer call() throws IOException {
    if (parked.size() != 2 || parked.stream().anyMatch(n -> n < 0) || rounds <= 0) {
      spec.commandLine().getErr().println("--parked is two numbers, few and many: 10000,1000000.");
      return 2;
    }
    try (Scratch scratch = dir.open()) {
      SettingsSource few = scratch.settings("few", more);
      SettingsSource many = scratch.settings("many", more);
      DeliveryConfig config = DeliveryConfig.from(few.settings()).named("bench");
      try (Database one = Database.open(StoreConfig.from(few.settings()));
          Database other = Database.open(StoreConfig.from(many.settings()))) {
        measure(new Side(parked.get(0), one, config), new Side(parked.get(1), other, config));
      }
      return 0;
    } catch (RuntimeException e) {
      throw StartupFaults.sentence(e);
    }
  }

  private void measure(Side few, Side many) {
    rounds(few, many, Math.max(1, rounds / WARM_UP_SHARE));
    few.forget();
    many.forget();
    rounds(few, many, rounds);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%,d rounds by turns, %,d packages a claim, load %.1f%n",
        rounds, few.batch, ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    out.printf("%12s %14s %14s %14s %14s%n", "parked", "claim median", "99 %", "idle poll", "99 %");
    row(out, few);
    row(out, many);
    int half = PERCENT / 2;
    out.printf(
        "%12s %14.2f %14.2f %14.2f %14.2f%n",
        "ratio",
        many.claim(half) / few.claim(half),
        many.claim(NEARLY_ALL) / few.claim(NEARLY_ALL),
        many.poll(half) / few.poll(half),
        many.poll(NEARLY_ALL) / few.poll(NEARLY_ALL));
    out.println(
        "wanted: the slowest hundredth of claims at most 1.30 times as long; an idle poll under 1 ms");
    out.flush();
  }

  /** By turns, so that whatever else the machine does slows down both. */
  private static void rounds(Side few, Side many, int count) {
    for (int i = 0; i < count; i++) {
      (i % 2 == 0 ? few : many).round();
      (i % 2 == 0 ? many : few).round();
    }
  }

  private static void row(PrintWriter out, Side side) {
    int half = PERCENT / 2;
    out.printf(
        "%,12d %11.3f ms %11.3f ms %11.3f ms %11.3f ms%n",
        side.parked,
        side.claim(half),
        side.claim(NEARLY_ALL),
        side.poll(half),
        side.poll(NEARLY_ALL));
  }
}
