package dev.retour.bounces;

import dev.retour.bounces.BouncesConfig.Fetch;
import dev.retour.bounces.MailboxDrain.Outcome;
import dev.retour.config.Settings;
import dev.retour.sandbox.SandboxConfig;
import dev.retour.sandbox.SandboxWorld;
import dev.retour.support.Mailboxes;
import dev.retour.support.Ports;
import dev.retour.support.SlowLine;
import dev.retour.support.TickingClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** A mailbox of the sandbox behind a line that can be cut, and what is taken from it. */
final class DrainFixture implements AutoCloseable {
  static final int ALL = 1_000;

  final TickingClock clock = new TickingClock();
  final List<FoundMail> taken = new ArrayList<>();
  final SlowLine line;
  private final Path dir;
  private final int imap = Ports.free();
  private final int smtp = Ports.free();
  private final int pop3 = Ports.free();
  private final List<MailboxDrain> drains = new ArrayList<>();
  private SandboxWorld world;
  private int delivered;
  private Runnable durable = () -> {};

  DrainFixture(Path dir) throws IOException {
    this.dir = dir;
    world = started();
    line = new SlowLine(imap, Duration.ZERO);
  }

  /** What reads the mailbox, until this is closed. */
  MailboxDrain drain(Fetch fetch) {
    MailboxDrain drain =
        new MailboxDrain(
            new ImapInbox(
                new BouncesConfig.Mailbox("127.0.0.1", line.port(), "bounces", "sandbox", false)),
            fetch,
            new Deferrals(clock, Duration.ofMinutes(1)),
            () -> durable.run());
    drains.add(drain);
    return drain;
  }

  /** What happens from now on where a chunk is made durable. */
  void durably(Runnable what) {
    durable = what;
  }

  /** Takes the server away. */
  void stop() {
    world.close();
  }

  void start() {
    world = started();
  }

  /** Takes all of a chunk. */
  Outcome store(List<FoundMail> chunk) {
    return except(chunk, found -> false);
  }

  /** Takes all but those that are broken. */
  Outcome except(List<FoundMail> chunk, Predicate<FoundMail> broken) {
    List<FoundMail> good = chunk.stream().filter(broken.negate()).toList();
    taken.addAll(good);
    return new Outcome(
        folders(good), Set.copyOf(chunk.stream().filter(broken).map(FoundMail::uid).toList()));
  }

  static Map<Long, String> folders(List<FoundMail> chunk) {
    Map<Long, String> folders = new HashMap<>();
    chunk.forEach(found -> folders.put(found.uid(), "Processed"));
    return folders;
  }

  /** Of what was taken, in its order. */
  List<String> subjects() {
    return taken.stream().map(DrainFixture::subject).toList();
  }

  static String subject(FoundMail found) {
    return new String(found.mail().raw(), StandardCharsets.ISO_8859_1)
        .lines()
        .findFirst()
        .orElseThrow()
        .replace("Subject: ", "");
  }

  List<String> folder(String name) throws Exception {
    return Mailboxes.read("imap", imap, "bounces", "sandbox", name);
  }

  /** So many mails, numbered on. */
  void deliver(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      String mail = "Subject: mail " + delivered + "\r\n\r\nHi\r\n";
      deliver(mail.getBytes(StandardCharsets.US_ASCII));
      delivered++;
    }
  }

  void deliver(byte[] mail) throws IOException {
    world.deliver(SandboxWorld.Account.BOUNCES, mail);
  }

  @Override
  public void close() throws IOException {
    drains.forEach(MailboxDrain::close);
    line.close();
    world.close();
  }

  private SandboxWorld started() {
    Map<String, String> sandbox =
        Map.of(
            "sandbox.dir", dir.toString(),
            "sandbox.smtp-port", Integer.toString(smtp),
            "sandbox.imap-port", Integer.toString(imap),
            "sandbox.pop3-port", Integer.toString(pop3));
    return new SandboxWorld(SandboxConfig.from(Settings.of(sandbox)), InstantSource.system())
        .start();
  }
}
