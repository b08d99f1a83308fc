package dev.retour.app;

import dev.retour.delivery.ClaimRounds;
import dev.retour.delivery.ClaimedPackage;
import dev.retour.delivery.DeliveryConfig;
import dev.retour.store.Database;
import dev.retour.store.StoreConfig;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code retour bench sidecars}: several processes claim from one queue; none may claim twice. */
@Command(
    name = "sidecars",
    mixinStandardHelpOptions = true,
    description =
        "Lets several processes claim from the queue of one database at the same time, and counts"
            + " how often each package was claimed. Nothing is sent: a claim is settled at once.")
final class BenchSidecarsCommand implements Callable<Integer> {
  private static final int FILL_PAGE = 10_000;
  private static final int SIDECARS_MAX = 8;
  private static final double SECOND = 1e9;
  private static final String READY = "ready";

  @Option(names = "--packages", defaultValue = "100000", description = "${DEFAULT-VALUE}.")
  private int packages = 100_000;

  @Option(names = "--sidecars", defaultValue = "2", description = "Processes, ${DEFAULT-VALUE}.")
  private int sidecars = 2;

  @Option(
      names = "--batch",
      defaultValue = "50",
      description = "Packages a claim, ${DEFAULT-VALUE}: small, so that they often meet.")
  private int batch = 50;

  @Mixin private ScratchDir dir = new ScratchDir();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    if (packages <= 0 || batch < 1 || sidecars < 1 || sidecars > SIDECARS_MAX) {
      spec.commandLine()
          .getErr()
          .println("Numbers are above 0, and sidecars at most " + SIDECARS_MAX + ".");
      return 2;
    }
    try (Scratch scratch = dir.open()) {
      StoreConfig store = StoreConfig.from(scratch.settings("data", Map.of()).settings());
      try (Database database = Database.open(store)) {
        ClaimRounds queue = Claimer.queue(database, "filler", batch);
        for (int done = 0; done < packages; done += FILL_PAGE) {
          queue.makeDue(Math.min(FILL_PAGE, packages - done));
        }
        queue.tidy();
        long start = System.nanoTime();
        long claimed = claim(store);
        return print(queue.claimed(), claimed, (System.nanoTime() - start) / SECOND);
      }
    } catch (RuntimeException e) {
      throw StartupFaults.sentence(e);
    }
  }

  /** All start at the same word; the sum of what each says it got. */
  private long claim(StoreConfig store) throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    List<Process> running = new ArrayList<>();
    try {
      for (int i = 1; i <= sidecars; i++) {
        running.add(start(store, "sidecar-" + i));
      }
      List<BufferedReader> answers = running.stream().map(Process::inputReader).toList();
      for (BufferedReader answer : answers) {
        expect(READY.equals(answer.readLine()));
      }
      for (Process each : running) {
        try (BufferedWriter in = each.outputWriter()) {
          in.write("go\n");
        }
      }
      out.printf("%-12s %9s %9s %9s%n", "sidecar", "claims", "packages", "in vain");
      long sum = 0;
      for (int i = 0; i < answers.size(); i++) {
        String line = answers.get(i).readLine();
        expect(line != null && running.get(i).waitFor() == 0);
        String[] numbers = String.valueOf(line).split(" ", -1);
        out.printf("sidecar-%-4d %9s %9s %9s%n", i + 1, numbers[0], numbers[1], numbers[2]);
        sum += Long.parseLong(numbers[1]);
      }
      return sum;
    } finally {
      running.forEach(Process::destroyForcibly);
    }
  }

  private Process start(StoreConfig store, String node) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-Xmx128m",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            Main.class.getName(),
            "bench",
            "claimer",
            "--data-dir=" + store.dataDir(),
            "--postgres-port=" + store.embeddedPort(),
            "--node=" + node,
            "--batch=" + batch)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static void expect(boolean well) {
    if (!well) {
      throw new StartupException("A sidecar of the measurement ended before it was done.");
    }
  }

  private int print(ClaimRounds.Claimed rows, long claimed, double seconds) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "claimed once %,d, twice or more %,d, never %,d; %,d attempts, %,d claimed in all;"
            + " %.1f s%n",
        rows.once(), rows.twice(), rows.never(), rows.attempts(), claimed, seconds);
    out.flush();
    boolean right =
        rows.once() == packages && rows.twice() == 0 && rows.never() == 0 && claimed == packages;
    return right ? 0 : 1;
  }

  /** One of those processes. */
  @Command(name = "claimer", hidden = true, description = "A process of bench sidecars.")
  static final class Claimer implements Callable<Integer> {
    @Option(names = "--data-dir", required = true)
    private Path dataDir = Path.of("");

    @Option(names = "--postgres-port", required = true)
    private String port = "";

    @Option(names = "--node", required = true)
    private String node = "";

    @Option(names = "--batch", required = true)
    private int batch;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
      Map<String, String> flags = new LinkedHashMap<>();
      flags.put("store.data-dir", dataDir.toString());
      flags.put("store.postgres-port", port);
      SettingsSource settings =
          SettingsSource.read(dataDir.resolve("application.properties"), flags, Map.of());
      PrintWriter out = spec.commandLine().getOut();
      try (Database database = Database.connect(StoreConfig.from(settings.settings()))) {
        ClaimRounds queue = queue(database, node, batch);
        if (!queue.isDue()) {
          throw new StartupException("There is nothing to claim.");
        }
        out.println(READY);
        out.flush();
        if (System.in.read() < 0) { // the word to start
          return 1;
        }
        out.println(claimAll(queue));
        out.flush();
        return 0;
      }
    }

    /** Claims, packages, and claims that got nothing although something was left. */
    private static String claimAll(ClaimRounds queue) {
      long claims = 0;
      long packages = 0;
      long inVain = 0;
      while (queue.isDue()) {
        List<ClaimedPackage> claimed = queue.claim();
        if (claimed.isEmpty()) {
          inVain++;
        } else {
          claims++;
          packages += claimed.size();
          queue.settle(claimed);
        }
      }
      return claims + " " + packages + " " + inVain;
    }

    static ClaimRounds queue(Database database, String node, int batch) {
      DeliveryConfig config =
          DeliveryConfig.from(
              dev.retour.config.Settings.of(
                  Map.of(
                      "delivery.node",
                      node,
                      "delivery.concurrency",
                      "1",
                      "delivery.batch",
                      Integer.toString(batch))));
      return new ClaimRounds(
          database.jdbi(), database.jdbiByIndex(), InstantSource.system(), config);
    }
  }
}
