package dev.retour.app;

import dev.retour.delivery.Backlog;
import dev.retour.store.Database;
import dev.retour.store.StoreConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
  private static final int RSA_BITS = 2_048;
  private static final String TYPE = "EVTbench";
  private static final String LINE =
      "A line of a mail as an ERP sends them, seventy-six characters in length or so.\n";

  @Mixin private BenchRelay relay = new BenchRelay();

  @Option(names = "--mails", defaultValue = "20000", description = "Measured, ${DEFAULT-VALUE}.")
  private int mails = 20_000;

  @Option(
      names = "--warm-up",
      defaultValue = "10000",
      description = "Mails sent before, which do not count, ${DEFAULT-VALUE}.")
  private int warmUp = 10_000;

  @Option(
      names = "--clients",
      defaultValue = "16",
      description = "Clients that post, each on a connection of its own, ${DEFAULT-VALUE}.")
  private int clients = 16;

  @Option(names = "--dkim", description = "Signs each mail (RSA-2048).")
  private boolean dkim;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    if (!relay.isValid() || mails <= 0 || warmUp < 0 || clients <= 0) {
      spec.commandLine().getErr().println("--relay is HOST:PORT; numbers are above 0.");
      return 2;
    }
    try (Scratch scratch = relay.scratch()) {
      SettingsSource source = settings(scratch);
      ProcessSetup.apply(source.settings());
      return measure(source);
    } catch (RuntimeException e) {
      throw StartupFaults.sentence(e);
    }
  }

  private int measure(SettingsSource source) {
    PrintWriter out = spec.commandLine().getOut();
    try (BenchClients posting = new BenchClients(clients);
        Engine engine = Engine.start(source);
        Database database = Database.connect(StoreConfig.from(engine.settings()))) {
      URI url = URI.create(engine.consoleUrl() + "api/v1/events/" + TYPE);
      Backlog backlog = new Backlog(database.jdbi());
      post(posting, url, warmUp);
      drained(backlog, warmUp);
      Instant begin = Instant.now();
      post(posting, url, mails);
      double posted = seconds(Duration.between(begin, Instant.now()));
      drained(backlog, warmUp + mails);
      Backlog.Drained end = backlog.drained();
      double whole = seconds(Duration.between(begin, end.last()));
      out.printf(
          "accepted   %,d events of %,d bytes%s, %,.0f a second%n",
          mails, relay.bytes(), dkim ? ", signed" : "", mails / posted);
      out.printf(
          "end to end %,d sent, %,d otherwise: %,.0f a second (after %,d to warm up)%n",
          end.sent() - warmUp, end.others(), mails / whole, warmUp);
      out.flush();
      return end.sent() == warmUp + mails ? 0 : 1;
    }
  }

  private static double seconds(Duration duration) {
    return Math.max(1, duration.toNanos()) / 1e9;
  }

  private static void post(BenchClients posting, URI url, int count) {
    AtomicInteger left = new AtomicInteger(count);
    posting.run(
        url,
        client -> {
          int mail = left.getAndDecrement();
          if (mail <= 0) {
            return false;
          }
          client.post(
              "{\"email\":\"customer%d@example.com\",\"ctx\":{\"number\":\"%d\"}}"
                  .formatted(mail, mail));
          return true;
        });
  }

  private void drained(Backlog backlog, int attempts) {
    relay.watch(backlog, now -> now.open() || now.attempts() < attempts, now -> {});
  }

  private SettingsSource settings(Scratch scratch) throws IOException {
    Map<String, String> flags = new LinkedHashMap<>();
    flags.put("messages.folder", message(scratch.folder()).toString());
    if (dkim) {
      flags.put("dkim.keys", key(scratch.folder()).toString());
    }
    return relay.settings(scratch, flags);
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
    String half = LINE.repeat(Math.max(1, relay.bytes() / 2 / LINE.length()));
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
