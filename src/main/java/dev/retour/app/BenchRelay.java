package dev.retour.app;

import dev.retour.delivery.Backlog;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the measurements share that send mails by a whole engine to a relay. */
final class BenchRelay {
  private static final Duration STANDSTILL = Duration.ofSeconds(30);
  private static final int LOOK_MILLIS = 50;
  private static final int RAW_CONNECTIONS_MAX = 64;

  @Option(
      names = "--relay",
      required = true,
      paramLabel = "HOST:PORT",
      description = "Where to; without TLS and without a login.")
  private String relay = "";

  @Option(names = "--bytes", defaultValue = "5000", description = "Each, ${DEFAULT-VALUE} bytes.")
  private int bytes = 5_000;

  @Option(
      names = "--connections",
      defaultValue = "16",
      description = "Connections to the relay, ${DEFAULT-VALUE}.")
  private int connections = 16;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Any other setting.")
  private Map<String, String> more = new LinkedHashMap<>();

  @Mixin private ScratchDir dir = new ScratchDir();

  boolean isValid() {
    return relay.matches(".+:[0-9]{1,5}") && bytes > 0 && connections > 0;
  }

  /** Of each mail. */
  int bytes() {
    return bytes;
  }

  /** What the relay takes at most: mails a second over these connections, with nothing behind. */
  double raw(int mails) {
    int colon = relay.lastIndexOf(':');
    InetSocketAddress address =
        new InetSocketAddress(
            relay.substring(0, colon), Integer.parseInt(relay.substring(colon + 1)));
    return new RawSmtp(address, bytes).perSecond(mails, Math.min(connections, RAW_CONNECTIONS_MAX));
  }

  Scratch scratch() throws IOException {
    return dir.open();
  }

  /** An engine on a database of its own that sends to the relay, with these settings beside. */
  SettingsSource settings(Scratch scratch, Map<String, String> beside) throws IOException {
    int colon = relay.lastIndexOf(':');
    Map<String, String> flags = new LinkedHashMap<>();
    flags.put("http.port", Scratch.freePort());
    flags.put("smtp.host", relay.substring(0, colon));
    flags.put("smtp.port", relay.substring(colon + 1));
    flags.put("smtp.tls", "disabled");
    flags.put("delivery.concurrency", Integer.toString(connections));
    flags.put("delivery.batch", Integer.toString(Math.max(1_000, connections)));
    flags.put("delivery.messages-per-connection", "100000");
    flags.put("delivery.return-path-domain", "bounces.example.org");
    flags.putAll(beside);
    flags.putAll(more);
    return scratch.settings("data", flags);
  }

  /**
   * Looks at the queue while it is drained.
   *
   * @param busy whether it is not done yet
   * @param look is shown how far it is, some twenty times a second
   * @throws StartupException when nothing moves any more
   */
  void watch(Backlog backlog, Predicate<Backlog.Progress> busy, Consumer<Backlog.Progress> look) {
    Instant moved = Instant.now();
    Backlog.Progress now = backlog.progress();
    while (busy.test(now)) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
      Backlog.Progress next = backlog.progress();
      look.accept(next);
      moved = next.attempts() > now.attempts() ? Instant.now() : moved;
      now = next;
      if (moved.plus(STANDSTILL).isBefore(Instant.now())) {
        throw new StartupException(
            "Nothing was sent for " + STANDSTILL.toSeconds() + " s: does the relay listen?");
      }
    }
  }
}
