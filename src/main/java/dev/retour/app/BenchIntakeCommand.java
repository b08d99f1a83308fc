package dev.retour.app;

import dev.retour.store.StoreConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code retour bench intake}: how fast events are committed, and how long one client waits. */
@Command(
    name = "intake",
    mixinStandardHelpOptions = true,
    description =
        "Posts events to a whole engine with a database of its own. With --batch: events committed"
            + " a second. Without: single events at a fixed rate, whether or not earlier ones were"
            + " answered, each timed from the moment at which it was meant to be posted.")
final class BenchIntakeCommand implements Callable<Integer> {
  private static final double MILLI = 1e6;
  private static final String LINE_ACCEPTED = "\"status\":202";

  @Mixin private BenchRelay relay = new BenchRelay();

  @Option(
      names = "--type",
      defaultValue = "EVTcartAbandonment",
      description = "Event type whose sample is posted, ${DEFAULT-VALUE}; lists get five entries.")
  private String type = "EVTcartAbandonment";

  @Option(names = "--batch", defaultValue = "0", description = "Lines of a batch; 0: no batches.")
  private int batch;

  @Option(
      names = "--events",
      defaultValue = "100000",
      description = "In batches, ${DEFAULT-VALUE}.")
  private int events = 100_000;

  @Option(names = "--rate", defaultValue = "500", description = "A second, ${DEFAULT-VALUE}.")
  private int rate = 500;

  @Option(names = "--seconds", defaultValue = "60", description = "Of single, ${DEFAULT-VALUE}.")
  private int seconds = 60;

  @Option(
      names = "--warm-up",
      defaultValue = "30",
      description = "Seconds before, which do not count, ${DEFAULT-VALUE}.")
  private int warmUpSeconds = 30;

  @Option(names = "--clients", defaultValue = "16", description = "Connections, ${DEFAULT-VALUE}.")
  private int clients = 16;

  @Option(
      names = "--hold",
      description = "Schedules the events for tomorrow: they are stored, and not processed.")
  private boolean hold;

  @Spec private CommandSpec spec = CommandSpec.create();

  private final AtomicLong numbers = new AtomicLong();

  @Override
  public Integer call() throws IOException {
    boolean sane = batch >= 0 && events > 0 && rate > 0 && seconds > 0 && warmUpSeconds >= 0;
    if (!relay.isValid() || !sane || clients <= 0) {
      spec.commandLine().getErr().println("--relay is HOST:PORT; numbers are above 0.");
      return 2;
    }
    Map<String, String> flags = new LinkedHashMap<>();
    flags.put("events.batches-max", Integer.toString(Math.min(16, clients)));
    try (Scratch scratch = relay.scratch()) {
      SettingsSource source = relay.settings(scratch, flags);
      ProcessSetup.apply(source.settings());
      return measure(source, StoreConfig.from(source.settings()).dataDir());
    } catch (RuntimeException e) {
      throw StartupFaults.sentence(e);
    }
  }

  private int measure(SettingsSource source, Path data) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    try (BenchClients posting = new BenchClients(clients);
        Engine engine = Engine.start(source)) {
      URI url = URI.create(engine.consoleUrl() + "api/v1/events/" + type);
      BenchPayloads payloads = payloads(url);
      out.printf(
          "payload    %s, %,d bytes; %s; %d clients; load of the machine %.1f before%n",
          type,
          payloads.text(1).length(),
          hold ? "held back" : "processed and sent meanwhile",
          clients,
          load());
      out.flush();
      if (batch > 0) {
        batches(out, posting, url, payloads, data);
      } else {
        singles(out, posting, url, payloads, data);
      }
      out.printf("load       %.1f after%n", load());
      out.flush();
      return 0;
    }
  }

  private static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  private BenchPayloads payloads(URI url) throws IOException {
    String tomorrow =
        Instant.now().plus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS).toString();
    try (BenchClient client = new BenchClient(url)) {
      byte[] sample = client.get("/api/v1/event-types/" + type + "/sample");
      return BenchPayloads.of(sample, hold ? tomorrow : "");
    }
  }

  private void batches(
      PrintWriter out, BenchClients posting, URI url, BenchPayloads payloads, Path data)
      throws IOException {
    Instant warm = Instant.now().plusSeconds(warmUpSeconds);
    posting.run(url, client -> Instant.now().isBefore(warm) && postBatch(client, payloads));
    AtomicLong left = new AtomicLong(events);
    ProcessorTime before = ProcessorTime.now(data);
    Instant begin = Instant.now();
    posting.run(url, client -> left.getAndAdd(-batch) > 0 && postBatch(client, payloads));
    double taken = Math.max(1, Duration.between(begin, Instant.now()).toNanos()) / 1e9;
    long posted = (events + batch - 1L) / batch * batch;
    out.printf(
        "batches    %,d events committed in batches of %,d: %,.0f a second%n",
        posted, batch, posted / taken);
    out.printf("cost       %s%n", ProcessorTime.now(data).since(before).each(posted));
  }

  private boolean postBatch(BenchClient client, BenchPayloads payloads) throws IOException {
    byte[] lines = payloads.lines(numbers.getAndAdd(batch), batch);
    String answer = new String(client.postBatch(lines), StandardCharsets.ISO_8859_1);
    int accepted = 0;
    for (int at = answer.indexOf(LINE_ACCEPTED); at >= 0; accepted++) {
      at = answer.indexOf(LINE_ACCEPTED, at + 1);
    }
    if (accepted != batch) {
      throw new IOException((batch - accepted) + " lines were not accepted: " + answer);
    }
    return true;
  }

  private void singles(
      PrintWriter out, BenchClients posting, URI url, BenchPayloads payloads, Path data)
      throws IOException {
    atRate(posting, url, payloads, warmUpSeconds);
    ProcessorTime before = ProcessorTime.now(data);
    long[] nanos = atRate(posting, url, payloads, seconds);
    String cost = ProcessorTime.now(data).since(before).each(nanos.length);
    Arrays.sort(nanos);
    out.printf(
        "single     %,d events at %,d a second: median %.1f ms, p99 %.1f ms, p99.9 %.1f ms,"
            + " most %.1f ms%n",
        nanos.length,
        rate,
        nanos[nanos.length / 2] / MILLI,
        nanos[nanos.length * 99 / 100] / MILLI,
        nanos[(int) (nanos.length * 999L / 1_000)] / MILLI,
        nanos[nanos.length - 1] / MILLI);
    out.printf("cost       %s%n", cost);
  }

  /** How long each took, counted from when it was due: who comes late because of others waits. */
  private long[] atRate(BenchClients posting, URI url, BenchPayloads payloads, int forSeconds) {
    long[] nanos = new long[Math.multiplyExact(rate, forSeconds)];
    AtomicLong next = new AtomicLong();
    long begin = System.nanoTime();
    posting.run(
        url,
        client -> {
          long index = next.getAndIncrement();
          if (index >= nanos.length) {
            return false;
          }
          long due = begin + index * 1_000_000_000L / rate;
          String body = payloads.text(numbers.getAndIncrement());
          for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
            LockSupport.parkNanos(wait);
          }
          client.post(body);
          nanos[(int) index] = System.nanoTime() - due;
          return true;
        });
    return nanos;
  }
}
