package dev.retour.app;

import dev.retour.delivery.Backlog;
import dev.retour.store.Database;
import dev.retour.store.StoreConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code retour bench events}: from the HTTP interface to the stored answer of the relay. */
@Command(
    name = "events",
    mixinStandardHelpOptions = true,
    description =
        "Posts events to a whole engine with a database of its own and measures the way from the"
            + " first request to the last stored answer of the relay: accepted and committed,"
            + " rendered, sent, settled (use a sink, e.g. smtp-sink of Postfix).")
final class BenchEventsCommand implements Callable<Integer> {
  private static final Duration STANDSTILL = Duration.ofSeconds(30);
  private static final int LOOK_MILLIS = 50;
  private static final int ACCEPTED = 202;
  private static final int TIMEOUT_MILLIS = 30_000;
  private static final int RSA_BITS = 2_048;
  private static final String TYPE = "EVTbench";
  private static final String LINE =
      "A line of a mail as an ERP sends them, seventy-six characters in length or so.\n";

  @Option(
      names = "--relay",
      required = true,
      paramLabel = "HOST:PORT",
      description = "Where to; without TLS and without a login.")
  private String relay = "";

  @Option(names = "--mails", defaultValue = "20000", description = "Measured, ${DEFAULT-VALUE}.")
  private int mails = 20_000;

  @Option(
      names = "--warm-up",
      defaultValue = "10000",
      description = "Mails sent before, which do not count, ${DEFAULT-VALUE}.")
  private int warmUp = 10_000;

  @Option(names = "--bytes", defaultValue = "5000", description = "Each, ${DEFAULT-VALUE} bytes.")
  private int bytes = 5_000;

  @Option(
      names = "--clients",
      defaultValue = "16",
      description = "Clients that post, each on a connection of its own, ${DEFAULT-VALUE}.")
  private int clients = 16;

  @Option(
      names = "--connections",
      defaultValue = "16",
      description = "Connections to the relay, ${DEFAULT-VALUE}.")
  private int connections = 16;

  @Option(names = "--dkim", description = "Signs each mail (RSA-2048).")
  private boolean dkim;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Any other setting.")
  private Map<String, String> more = new LinkedHashMap<>();

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Folder for the database, emptied afterwards (a temporary one).")
  private Path dir = Path.of(System.getProperty("java.io.tmpdir"));

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    int colon = relay.lastIndexOf(':');
    if (colon <= 0 || mails <= 0 || warmUp < 0 || bytes <= 0 || clients <= 0 || connections <= 0) {
      spec.commandLine().getErr().println("--relay is HOST:PORT; numbers are above 0.");
      return 2;
    }
    try (Scratch scratch = new Scratch(dir)) {
      SettingsSource source = settings(scratch);
      ProcessSetup.apply(source.settings());
      return measure(source);
    } catch (RuntimeException e) {
      throw StartupFaults.sentence(e);
    }
  }

  private int measure(SettingsSource source) {
    PrintWriter out = spec.commandLine().getOut();
    ExecutorService pool = Executors.newFixedThreadPool(clients);
    try (Engine engine = Engine.start(source);
        Database database = Database.connect(StoreConfig.from(engine.settings()))) {
      URI url = URI.create(engine.consoleUrl() + "api/v1/events/" + TYPE);
      Backlog backlog = new Backlog(database.jdbi());
      post(pool, url, warmUp);
      drained(backlog, warmUp);
      Instant begin = Instant.now();
      post(pool, url, mails);
      double posted = seconds(Duration.between(begin, Instant.now()));
      drained(backlog, warmUp + mails);
      Backlog.Drained end = backlog.drained();
      double whole = seconds(Duration.between(begin, end.last()));
      out.printf(
          "accepted   %,d events of %,d bytes%s, %,.0f a second%n",
          mails, bytes, dkim ? ", signed" : "", mails / posted);
      out.printf(
          "end to end %,d sent, %,d otherwise: %,.0f a second (after %,d to warm up)%n",
          end.sent() - warmUp, end.others(), mails / whole, warmUp);
      out.flush();
      return end.sent() == warmUp + mails ? 0 : 1;
    } finally {
      pool.shutdownNow();
    }
  }

  private static double seconds(Duration duration) {
    return Math.max(1, duration.toNanos()) / 1e9;
  }

  private void post(ExecutorService pool, URI url, int count) {
    AtomicInteger left = new AtomicInteger(count);
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      running.add(
          pool.submit(
              () -> {
                for (int mail = left.getAndDecrement(); mail > 0; mail = left.getAndDecrement()) {
                  post(url, mail);
                }
                return null;
              }));
    }
    try {
      for (Future<?> each : running) {
        each.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartupException("Interrupted.", e);
    } catch (ExecutionException e) {
      throw new StartupException("An event was not accepted: " + e.getCause(), e);
    }
  }

  private static void post(URI url, int mail) throws IOException {
    byte[] body =
        ("{\"email\":\"customer" + mail + "@example.com\",\"ctx\":{\"number\":\"" + mail + "\"}}")
            .getBytes(StandardCharsets.UTF_8);
    HttpURLConnection http = (HttpURLConnection) url.toURL().openConnection();
    http.setConnectTimeout(TIMEOUT_MILLIS);
    http.setReadTimeout(TIMEOUT_MILLIS);
    http.setRequestMethod("POST");
    http.setRequestProperty("Content-Type", "application/json");
    http.setDoOutput(true);
    http.setFixedLengthStreamingMode(body.length);
    try (OutputStream out = http.getOutputStream()) {
      out.write(body);
    }
    int status = http.getResponseCode();
    try (InputStream in = status < 400 ? http.getInputStream() : http.getErrorStream()) {
      String answer = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
      if (status != ACCEPTED) {
        throw new IOException(status + " " + answer);
      }
    }
  }

  private static void drained(Backlog backlog, int attempts) {
    Instant moved = Instant.now();
    Backlog.Progress now = backlog.progress();
    while (now.open() || now.attempts() < attempts) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
      Backlog.Progress next = backlog.progress();
      moved = next.attempts() > now.attempts() ? Instant.now() : moved;
      now = next;
      if (moved.plus(STANDSTILL).isBefore(Instant.now())) {
        throw new StartupException(
            "Nothing was sent for " + STANDSTILL.toSeconds() + " s: does the relay listen?");
      }
    }
  }

  private SettingsSource settings(Scratch scratch) throws IOException {
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
    flags.put("messages.folder", message(scratch.folder()).toString());
    if (dkim) {
      flags.put("dkim.keys", key(scratch.folder()).toString());
    }
    flags.putAll(more);
    return scratch.settings("data", flags);
  }

  /** A message whose text and HTML are half the size asked for each. */
  private Path message(Path folder) throws IOException {
    Path messages = folder.resolve("messages");
    Path type = Files.createDirectories(messages.resolve(TYPE));
    Files.writeString(
        type.resolve("event.yaml"),
        """
        id: %s
        description: What is measured.
        from:
          address: erp@example.org
          name: ERP
        fields:
          - id: number
            type: string
            required: true
            maxLength: 20
        """
            .formatted(TYPE));
    Files.writeString(type.resolve("subject.txt"), "Mail [=ctx.number]\n");
    String half = LINE.repeat(Math.max(1, bytes / 2 / LINE.length()));
    Files.writeString(type.resolve("message.txt"), half);
    Files.writeString(
        type.resolve("message.html"),
        "<!DOCTYPE html><html><body><p>[=ctx.number]</p><p>" + half + "</p></body></html>\n");
    return messages;
  }

  private static Path key(Path folder) throws IOException {
    Path keys = Files.createDirectories(folder.resolve("keys").resolve("example.org"));
    try {
      KeyPairGenerator pairs = KeyPairGenerator.getInstance("RSA");
      pairs.initialize(RSA_BITS);
      String pem =
          Base64.getMimeEncoder().encodeToString(pairs.generateKeyPair().getPrivate().getEncoded());
      Files.writeString(
          keys.resolve("bench.2020-01-01.pem"),
          "-----BEGIN PRIVATE KEY-----\n" + pem + "\n-----END PRIVATE KEY-----\n");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has RSA.", e);
    }
    return folder.resolve("keys");
  }
}
