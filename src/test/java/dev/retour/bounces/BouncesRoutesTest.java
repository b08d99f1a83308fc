package dev.retour.bounces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.bounces.BouncesFixture.Sent;
import dev.retour.config.Setting;
import dev.retour.config.Settings;
import dev.retour.sandbox.SandboxConfig;
import dev.retour.sandbox.SandboxWorld;
import dev.retour.support.Mailboxes;
import dev.retour.support.Ports;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.apache.camel.Exchange;
import org.apache.camel.main.Main;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.apache.camel.support.SimpleRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real routes against the sandbox's IMAP and POP3 servers. */
class BouncesRoutesTest {
  private static final String UNKNOWN = "550 5.1.1 <x@example.com>: User unknown";
  private static final int WAIT_SECONDS_MAX = 30;

  @TempDir Path dir;
  private final Map<String, String> texts = new HashMap<>();
  private final int imap = Ports.free();
  private final int pop3 = Ports.free();
  private final int smtp = Ports.free();
  private SandboxWorld world;
  private BouncesFixture house = new BouncesFixture(Map.of());
  private final Main main = new Main();
  private final AtomicReference<Map<String, Object>> headers = new AtomicReference<>(Map.of());
  private final AtomicInteger failures = new AtomicInteger();

  @BeforeEach
  void open() {
    world = world("sandbox");
  }

  @AfterEach
  void close() {
    main.stop();
    house.close();
    world.close();
  }

  @Test
  void every_mail_ends_in_the_folder_it_belongs_in() throws Exception {
    start("sandbox");
    Sent sent = house.sent("anna@example.com");
    deliver(
        Returned.report(sent.returnPath(), "anna@example.com", "failed", UNKNOWN, "<s@x.example>"));
    deliver(
        Returned.report(
            sent.returnPath(), "anna@example.com", "failed", "Zorp blarg quux", "<s@x.example>"));
    deliver(Returned.bytes("From: b@example.com\nSubject: Hi\n\nHi!\n"));
    deliver(new byte[] {0, 1, 2, 3});
    assertThat(folder("INBOX", 0)).isEmpty();
    assertThat(folder("Processed", 1)).hasSize(1);
    assertThat(folder("Unqualified", 1)).hasSize(1);
    assertThat(folder("Other", 2)).hasSize(2);
    assertThat(house.addresses.gate("anna@example.com").isOpen()).isFalse();
    assertThat(house.packageState(sent)).isEqualTo("error");
  }

  @Test
  void a_complaint_read_by_pop3_is_deleted_there_once_it_is_stored_here() throws Exception {
    start("sandbox");
    Sent sent = house.sent("anna@example.com");
    byte[] complaint = Returned.complaint("anna@example.com", "abuse", sent.messageId());
    world.deliver(SandboxWorld.Account.FEEDBACK, complaint);
    assertThat(
            Mailboxes.await("pop3", pop3, "feedback", "sandbox", "INBOX", mails -> mails.isEmpty()))
        .isEmpty();
    assertThat(house.count("bounce")).isEqualTo(1);
    assertThat(house.addresses.gate("anna@example.com").isOpen()).isFalse();
  }

  @Test
  void two_mails_of_one_message_id_are_both_stored_before_either_is_deleted() throws Exception {
    String head = "From: b@example.com\nMessage-ID: <same@example.com>\nSubject: ";
    for (int i = 0; i < 5; i++) {
      world.deliver(SandboxWorld.Account.FEEDBACK, Returned.bytes(head + i + "\n\nHi\n"));
    }
    start("sandbox");
    assertThat(
            Mailboxes.await("pop3", pop3, "feedback", "sandbox", "INBOX", mails -> mails.isEmpty()))
        .isEmpty();
    assertThat(house.count("bounce")).isEqualTo(5);
  }

  @Test
  void while_the_database_is_away_mails_stay_and_are_taken_over_later() throws Exception {
    start("sandbox");
    house.jdbi.useHandle(handle -> handle.execute("ALTER TABLE bounce RENAME TO away"));
    deliver(Returned.bytes("From: b@example.com\nSubject: Hi\n\nHi!\n"));
    world.deliver(SandboxWorld.Account.FEEDBACK, Returned.bytes("Subject: Ho\n\nHo!\n"));
    await(() -> failures.get() > 1);
    assertThat(folder("INBOX", 1)).hasSize(1);
    assertThat(Mailboxes.read("pop3", pop3, "feedback", "sandbox", "INBOX")).hasSize(1);
    house.jdbi.useHandle(handle -> handle.execute("ALTER TABLE away RENAME TO bounce"));
    assertThat(folder("Other", 1)).hasSize(1);
    assertThat(
            Mailboxes.await("pop3", pop3, "feedback", "sandbox", "INBOX", mails -> mails.isEmpty()))
        .isEmpty();
    assertThat(house.count("bounce")).isEqualTo(2);
  }

  @Test
  void a_wrong_password_turns_the_mailbox_red_and_it_recovers_by_itself() throws Exception {
    world.close();
    world = world("changed");
    start("sandbox");
    await(() -> !imapState().up());
    assertThat(imapState().fault()).doesNotContain("sandbox");
    world.close();
    world = world("sandbox");
    await(() -> imapState().up());
    deliver(Returned.bytes("From: b@example.com\nSubject: Hi\n\nHi!\n"));
    assertThat(folder("Other", 1)).hasSize(1);
  }

  @Test
  void a_hostile_mail_sets_no_header_and_opens_no_other_host() throws Exception {
    try (ServerSocket elsewhere =
        new ServerSocket(Ports.free(), 5, InetAddress.getLoopbackAddress())) {
      start("sandbox");
      deliver(
          Returned.bytes(
              """
              From: b@example.com
              Subject: Hi
              moveTo: Stolen
              copyTo: Copied
              delete: true
              CamelFileName: ../../etc/passwd
              CamelHttpUri: http://127.0.0.1:%1$d/
              CamelMailMoveTo: Stolen
              mail.smtp.host: 127.0.0.1
              mail.smtp.port: %1$d
              mail.imap.host: 127.0.0.1
              mail.imap.port: %1$d
              to: smtp://127.0.0.1:%1$d

              Hi!
              """
                  .formatted(elsewhere.getLocalPort())));
      assertThat(folder("Other", 1)).hasSize(1);
      assertThat(folder("INBOX", 0)).isEmpty();
      await(() -> headers.get().containsKey("moveTo"));
      assertThat(headers.get()).containsOnlyKeys("moveTo").containsEntry("moveTo", "Other");
      elsewhere.setSoTimeout(1);
      assertThat(org.assertj.core.api.Assertions.catchThrowable(elsewhere::accept))
          .isInstanceOf(java.net.SocketTimeoutException.class);
    }
  }

  private List<String> folder(String name, int size) throws Exception {
    try {
      return Mailboxes.await("imap", imap, "bounces", "sandbox", name, l -> l.size() == size);
    } catch (jakarta.mail.FolderNotFoundException notYet) {
      await(() -> house.count("bounce") > 0);
      return folder(name, size);
    }
  }

  private void deliver(byte[] raw) throws Exception {
    world.deliver(SandboxWorld.Account.BOUNCES, raw);
  }

  private MailboxMonitor.State imapState() {
    return house.bounces.mailboxes().get(0).state();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS_MAX);
    while (!condition.getAsBoolean() && System.nanoTime() < end) {
      assertThat(never.await(20, TimeUnit.MILLISECONDS)).isFalse();
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  private SandboxWorld world(String password) {
    Map<String, String> sandbox =
        Map.of(
            "sandbox.dir", dir.toString(),
            "sandbox.smtp-port", Integer.toString(smtp),
            "sandbox.imap-port", Integer.toString(imap),
            "sandbox.pop3-port", Integer.toString(pop3),
            "sandbox.bounces-password", password);
    return new SandboxWorld(SandboxConfig.from(Settings.of(sandbox)), InstantSource.system())
        .start();
  }

  private void start(String password) throws Exception {
    texts.put("bounces.imap.host", "127.0.0.1");
    texts.put("bounces.imap.port", Integer.toString(imap));
    texts.put("bounces.imap.user", "bounces");
    texts.put("bounces.imap.password", password);
    texts.put("bounces.imap.tls", "false");
    texts.put("bounces.pop3.host", "127.0.0.1");
    texts.put("bounces.pop3.port", Integer.toString(pop3));
    texts.put("bounces.pop3.user", "feedback");
    texts.put("bounces.pop3.password", "sandbox");
    texts.put("bounces.pop3.tls", "false");
    texts.put("bounces.poll-cron", "0/1 * * * * ?");
    texts.put("bounces.backoff-polls", "1");
    house.close();
    house = new BouncesFixture(texts);
    SimpleRegistry beans = new SimpleRegistry();
    house.bounces.bind(beans);
    beans.forEach((name, byType) -> main.bind(name, byType.values().iterator().next()));
    main.setPropertyPlaceholderLocations("classpath:none.properties;optional=true");
    Settings settings = Settings.of(texts);
    for (Setting<?> setting : BouncesConfig.SETTINGS) {
      main.addOverrideProperty(setting.key(), settings.text(setting));
    }
    for (String protocol : List.of("imap", "pop3")) {
      main.addOverrideProperty("bounces." + protocol + ".enabled", "true");
      main.addOverrideProperty("bounces." + protocol + ".scheme", protocol);
    }
    main.addOverrideProperty(
        "camel.main.routesIncludePattern",
        "file:routes/failure-policies.camel.yaml,file:routes/bounces/bounces.camel.yaml");
    main.bind("headersOfDoneExchanges", new DoneExchanges(headers, failures));
    main.start();
  }

  /** Counts the exchanges that failed, and keeps the headers of the one that ended last. */
  private static final class DoneExchanges extends EventNotifierSupport {
    private final AtomicReference<Map<String, Object>> headers;
    private final AtomicInteger failures;

    DoneExchanges(AtomicReference<Map<String, Object>> headers, AtomicInteger failures) {
      this.headers = headers;
      this.failures = failures;
    }

    @Override
    public void notify(CamelEvent event) {
      if (event instanceof CamelEvent.ExchangeFailedEvent failed
          && "bounces-poll-imap".equals(failed.getExchange().getFromRouteId())) {
        failures.incrementAndGet();
      }
      if (event instanceof CamelEvent.ExchangeCompletedEvent done) {
        Exchange exchange = done.getExchange();
        if (exchange.getFromRouteId() != null
            && exchange.getFromRouteId().equals("bounces-poll-imap")) {
          headers.set(Map.copyOf(exchange.getMessage().getHeaders()));
        }
      }
    }
  }
}
