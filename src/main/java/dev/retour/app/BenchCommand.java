package dev.retour.app;

import dev.retour.bounces.BounceAssessor;
import dev.retour.config.Settings;
import dev.retour.mail.MailKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./retour bench …}: measures the engine; never on the database of one at work. */
@Command(
    name = "bench",
    description = "Measures how fast mails are understood and delivered on this machine.",
    subcommands = {
      BenchCommand.Qualify.class,
      BenchDeliverCommand.class,
      BenchEventsCommand.class,
      BenchIntakeCommand.class,
      BenchClaimCommand.class,
      BenchSidecarsCommand.class,
      BenchSidecarsCommand.Claimer.class
    })
public final class BenchCommand {

  /** {@code ./retour bench qualify DIR}: one thread, all mails in memory before it starts. */
  @Command(
      name = "qualify",
      mixinStandardHelpOptions = true,
      description =
          "Reads and qualifies all mails below DIR over and over in one thread: mails a second, the"
              + " slowest mail, and with --mails whether memory stays flat.")
  static final class Qualify implements Callable<Integer> {
    private static final int BYTES_MAX = 10_000_000;
    private static final double MILLI = 1e6;
    private static final double SECOND = 1e9;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int EACH_TIMED = 5;
    private static final int SLOWEST_SHOWN = 3;
    private static final int STEPS = 10;

    /** Growth of the live heap over a run that is taken for noise, bytes. */
    private static final long FLAT_WITHIN = 4L << 20;

    @Parameters(paramLabel = "DIR", description = "Folder of mails.")
    private Path folder = Path.of(".");

    @Option(
        names = "--rules",
        defaultValue = "rules/qualification",
        paramLabel = "DIR",
        description = "Folder of the rule files (default: ${DEFAULT-VALUE}).")
    private Path rules = Path.of("rules", "qualification");

    @Option(names = "--warm-up", defaultValue = "60", description = "Seconds, ${DEFAULT-VALUE}.")
    private int warmUpSeconds = 60;

    @Option(names = "--rounds", defaultValue = "5", description = "Measured, ${DEFAULT-VALUE}.")
    private int rounds = 5;

    @Option(names = "--seconds", defaultValue = "5", description = "A round, ${DEFAULT-VALUE}.")
    private int seconds = 5;

    @Option(
        names = "--mails",
        defaultValue = "0",
        description = "Also reads so many mails and watches the live heap.")
    private int mailsMax;

    @Spec private CommandSpec spec = CommandSpec.create();

    /** One preloaded mail. */
    private static final class Loaded {
      private final String name;
      private final byte[] raw;

      Loaded(String name, byte[] raw) {
        this.name = name;
        this.raw = raw;
      }
    }

    /** Keeps the work from being optimised away. */
    private long judged;

    @Override
    public Integer call() throws IOException {
      PrintWriter out = spec.commandLine().getOut();
      BounceAssessor assessor = OfflineAssessor.of(rules, Settings.of(Map.of()));
      List<Loaded> all = load();
      if (all.isEmpty()) {
        spec.commandLine().getErr().println("There is no mail below " + folder + " to measure.");
        return 1;
      }
      List<Loaded> bounces =
          all.stream()
              .filter(mail -> assessor.assess(mail.raw).report().kind() == MailKind.BOUNCE)
              .toList();
      pass(assessor, all, warmUpSeconds);
      if (!bounces.isEmpty()) {
        pass(assessor, bounces, warmUpSeconds);
        print(out, "bounces", assessor, bounces);
      }
      print(out, "all mails", assessor, all);
      slowest(out, assessor, all);
      boolean flat = mailsMax == 0 || isFlat(out, assessor, all);
      out.flush();
      return flat ? 0 : 1;
    }

    private List<Loaded> load() throws IOException {
      List<Loaded> mails = new ArrayList<>();
      new MailFiles(BYTES_MAX).each(folder, (name, raw) -> mails.add(new Loaded(name, raw)));
      return mails;
    }

    private void print(PrintWriter out, String what, BounceAssessor assessor, List<Loaded> mails) {
      double[] perSecond = new double[Math.max(1, rounds)];
      double[] perCpu = new double[perSecond.length];
      for (int i = 0; i < perSecond.length; i++) {
        perSecond[i] = pass(assessor, mails, seconds);
        perCpu[i] = perCpuSecond;
      }
      Arrays.sort(perSecond);
      Arrays.sort(perCpu);
      out.printf(
          "%-10s %6d mails: %,.0f a second (median of %d rounds; %,.0f to %,.0f); %,.0f a processor second%n",
          what,
          mails.size(),
          perSecond[perSecond.length / 2],
          perSecond.length,
          perSecond[0],
          perSecond[perSecond.length - 1],
          perCpu[perCpu.length / 2]);
      out.flush();
    }

    /** Mails a second of this thread's own processor time, which neighbours slow down less. */
    private double perCpuSecond;

    /** Mails a second over whole passes for at least so long. */
    private double pass(BounceAssessor assessor, List<Loaded> mails, int atLeastSeconds) {
      long start = System.nanoTime();
      long cpu = THREADS.getCurrentThreadCpuTime();
      long count = 0;
      do {
        for (Loaded mail : mails) {
          judged += assessor.assess(mail.raw).judged().size();
        }
        count += mails.size();
      } while (System.nanoTime() - start < atLeastSeconds * SECOND);
      perCpuSecond = count * SECOND / Math.max(1, THREADS.getCurrentThreadCpuTime() - cpu);
      return count * SECOND / (System.nanoTime() - start);
    }

    /** The best of a few times for each mail, so that the machine's own pauses do not count. */
    private void slowest(PrintWriter out, BounceAssessor assessor, List<Loaded> mails) {
      record Timed(Loaded mail, double millis) {}
      List<Timed> timed = new ArrayList<>();
      for (Loaded mail : mails) {
        double best = Double.MAX_VALUE;
        for (int i = 0; i < EACH_TIMED; i++) {
          long start = System.nanoTime();
          judged += assessor.assess(mail.raw).judged().size();
          best = Math.min(best, (System.nanoTime() - start) / MILLI);
        }
        timed.add(new Timed(mail, best));
      }
      timed.sort((a, b) -> Double.compare(a.millis(), b.millis()));
      out.printf(
          "one mail   median %.3f ms, 99 %% within %.3f ms%n",
          timed.get(timed.size() / 2).millis(), timed.get(timed.size() * 99 / 100).millis());
      for (int i = timed.size() - 1; i >= Math.max(0, timed.size() - SLOWEST_SHOWN); i--) {
        Timed slow = timed.get(i);
        out.printf(
            "slow       %.3f ms, %,d bytes, %s%n",
            slow.millis(), slow.mail().raw.length, Operator.shown(slow.mail().name));
      }
    }

    private boolean isFlat(PrintWriter out, BounceAssessor assessor, List<Loaded> mails) {
      long first = 0;
      long last = 0;
      int next = 0;
      for (int step = 1; step <= STEPS; step++) {
        for (int until = mailsMax / STEPS; until > 0; until--) {
          judged += assessor.assess(mails.get(next++ % mails.size()).raw).judged().size();
          next = next == mails.size() ? 0 : next;
        }
        System.gc();
        last = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        first = step == 1 ? last : first;
        out.printf("heap       %,d KB live%n", last >> 10);
        out.flush();
      }
      boolean flat = last - first <= FLAT_WITHIN;
      out.printf(
          "memory     %s over %,d mails (%,d judgements since the start)%n",
          flat ? "flat" : "GROWS", mailsMax, judged);
      return flat;
    }
  }
}
