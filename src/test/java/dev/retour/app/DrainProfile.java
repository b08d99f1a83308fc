package dev.retour.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.app.MixedMails.Mail;
import dev.retour.app.MixedMails.Sent;
import dev.retour.mail.ReturnPath;
import dev.retour.mail.SigningKey;
import dev.retour.support.Dovecot;
import dev.retour.support.SlowLine;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Store;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The long profile: the real process drains a mailbox of 10,000 mixed mails of a Dovecot. No test
 * of the build; see CONTRIBUTING.md for its command. {@code -Ddrain.mails=N} makes it shorter.
 */
@TestMethodOrder(MethodOrderer.MethodName.class)
class DrainProfile {
  private static final int MAILS = Integer.getInteger("drain.mails", 10_000);
  private static final int PACKAGES = Integer.getInteger("drain.packages", 100_000);
  private static final Duration LONG_LINE = Duration.ofMillis(40);
  private static final int KILLS = 6;
  private static final String PASSWORD = "0123456789abcdef0123456789abcdef";
  private static final String DOMAIN = "bounces.sandbox.invalid";

  private static final String SEED =
      """
      WITH content AS (
        INSERT INTO mail_content (message_id, subject, raw, created_at)
        SELECT '<order.' || i || '@shop.example>', 'Your order', decode('00', 'hex'), now()
          FROM generate_series(1, :count) AS i
        RETURNING id, message_id)
      INSERT INTO work_package (processor, priority, state, recipient, recipient_key, domain,
             content_id, message, on_uncertain, expires_at, created_at, changed_at)
      SELECT 'mail', 5, 'sent', 'c' || id || '@d' || id % 5000 || '.example.org',
             'c' || id || '@d' || id % 5000 || '.example.org', 'd' || id % 5000 || '.example.org', id, 'EVTtest', 'hold', now(), now(), now()
        FROM content""";

  @TempDir Path dir;
  private Dovecot dovecot;
  private RetourProcess retour;
  private Jdbi rows;
  private List<Mail> mails = List.of();

  @BeforeEach
  void fill() throws Exception {
    dovecot = new Dovecot();
    Files.createDirectories(dir.resolve("data"));
    Files.writeString(dir.resolve("data/postgres.password"), PASSWORD);
    retour = new RetourProcess(dir);
    rows =
        Jdbi.create(
            "jdbc:postgresql://127.0.0.1:" + retour.postgresPort + "/retour", "postgres", PASSWORD);
    retour.up();
    mails = new MixedMails(signer(), Instant.now()).make(MAILS, seed());
    retour.stop();
    dovecot.deliver(mails.stream().map(Mail::raw).toList());
    assertThat(inbox()).as("indexed, as a delivery agent of Dovecot does").isEqualTo(MAILS);
  }

  @AfterEach
  void close() throws Exception {
    retour.close();
    dovecot.close();
  }

  @Test
  void a_mails_a_second_on_a_short_line() throws Exception {
    drain("short line", Duration.ZERO);
  }

  @Test
  void b_mails_a_second_where_each_answer_takes_40_ms() throws Exception {
    drain("40 ms line", LONG_LINE);
  }

  @Test
  void c_nothing_is_lost_or_counted_twice_when_the_process_is_killed_over_and_over()
      throws Exception {
    Random random = new Random(1);
    try (SlowLine line = new SlowLine(dovecot.port(), LONG_LINE.dividedBy(4))) {
      for (int i = 0; i < KILLS; i++) {
        retour.start(mailbox(line.port()));
        long before = i == 0 ? 0 : stored();
        long until = Math.min(MAILS - 1, before + 1 + random.nextInt(MAILS / KILLS));
        await("drains on", () -> stored() >= until);
        retour.kill();
        System.out.printf("drain: killed at %d mails, %d in the INBOX%n", stored(), inbox());
      }
      retour.up(mailbox(line.port()));
      await("drained", this::isDrained);
      check();
    }
  }

  private void drain(String name, Duration delay) throws Exception {
    try (SlowLine line = new SlowLine(dovecot.port(), delay)) {
      retour.start(mailbox(line.port()));
      await("drained", this::isDrained);
      double seconds = (System.nanoTime() - line.firstFetch()) / 1e9;
      int commands = line.commands();
      System.out.printf(
          "drain: %s: %d mails in %.1f s = %.0f mails/s, %d IMAP commands, load %.1f%n",
          name,
          MAILS,
          seconds,
          MAILS / seconds,
          commands,
          ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
      check();
    }
  }

  /** Every mail in one row and in the right folder, every consequence once. */
  private void check() throws Exception {
    TreeSet<String> sent = new TreeSet<>();
    Map<String, TreeSet<Integer>> filed = new TreeMap<>();
    TreeSet<String> harmed = new TreeSet<>();
    for (Mail mail : mails) {
      sent.add(sha256(mail.raw()));
      filed.computeIfAbsent(mail.folder(), key -> new TreeSet<>()).add(mail.number());
      if (mail.harms() != null) {
        harmed.add(mail.harms());
      }
    }
    assertThat(texts("SELECT encode(raw_sha256, 'hex') FROM bounce")).hasSize(MAILS);
    assertThat(new TreeSet<>(texts("SELECT encode(raw_sha256, 'hex') FROM bounce")))
        .isEqualTo(sent);
    for (Map.Entry<String, TreeSet<Integer>> folder : filed.entrySet()) {
      List<Integer> found = numbers(folder.getKey());
      assertThat(new TreeSet<>(found)).as(folder.getKey()).isEqualTo(folder.getValue());
      assertThat(found).as("nothing twice in " + folder.getKey()).hasSize(folder.getValue().size());
    }
    List<String> histories = texts("SELECT address FROM address_history");
    assertThat(histories).as("each consequence once").doesNotHaveDuplicates();
    assertThat(new TreeSet<>(histories)).isEqualTo(harmed);
    assertThat(texts("SELECT recipient_key FROM work_package WHERE state = 'error'"))
        .as("every failed one; who complained was reached")
        .hasSizeBetween(harmed.size() * 9 / 10, harmed.size());
  }

  private String[] mailbox(int port) {
    List<String> settings = new ArrayList<>();
    for (String each :
        List.of(
            "bounces.imap.host=127.0.0.1",
            "bounces.imap.port=" + port,
            "bounces.imap.user=" + Dovecot.USER,
            "bounces.imap.password=" + Dovecot.PASSWORD,
            "bounces.imap.tls=false",
            "smtp.host=127.0.0.1",
            "smtp.port=" + port,
            "smtp.tls=disabled",
            "delivery.return-path-domain=" + DOMAIN)) {
      settings.addAll(List.of("--set", each));
    }
    return settings.toArray(String[]::new);
  }

  private List<Sent> seed() {
    rows.useHandle(
        handle -> {
          handle.createUpdate(SEED).bind("count", PACKAGES).execute();
          handle.execute("VACUUM ANALYZE work_package, mail_content");
        });
    return rows.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT p.id, p.recipient, c.message_id FROM work_package p"
                        + " JOIN mail_content c ON c.id = p.content_id ORDER BY random() LIMIT :n")
                .bind("n", MAILS)
                .map((row, context) -> new Sent(row.getLong(1), row.getString(2), row.getString(3)))
                .list());
  }

  private ReturnPath signer() {
    List<SigningKey> keys =
        rows.withHandle(
            handle ->
                handle
                    .createQuery("SELECT id, secret FROM signing_key ORDER BY id DESC")
                    .map((row, context) -> new SigningKey(row.getInt(1), row.getBytes(2)))
                    .list());
    return new ReturnPath("bounce", DOMAIN, Duration.ofDays(30), keys);
  }

  private boolean isDrained() {
    return stored() >= MAILS && inbox() == 0;
  }

  private long stored() {
    try {
      return Long.parseLong(texts("SELECT count(*) FROM bounce").get(0));
    } catch (ConnectionException notUpYet) {
      return 0;
    }
  }

  private int inbox() {
    try (Store store = connect()) {
      return store.getFolder("INBOX").getMessageCount();
    } catch (MessagingException e) {
      throw new AssertionError(e);
    }
  }

  private List<Integer> numbers(String name) throws MessagingException {
    try (Store store = connect();
        Folder folder = store.getFolder(name)) {
      folder.open(Folder.READ_ONLY);
      jakarta.mail.FetchProfile heads = new jakarta.mail.FetchProfile();
      heads.add("Subject");
      Message[] found = folder.getMessages();
      folder.fetch(found, heads);
      List<Integer> numbers = new ArrayList<>();
      for (Message message : found) {
        numbers.add(Integer.valueOf(message.getSubject().replaceAll(".*#", "")));
      }
      return numbers;
    }
  }

  private List<String> texts(String sql) {
    return rows.withHandle(handle -> handle.createQuery(sql).mapTo(String.class).list());
  }

  private Store connect() throws MessagingException {
    Store store = Session.getInstance(new Properties()).getStore("imap");
    store.connect("127.0.0.1", dovecot.port(), Dovecot.USER, Dovecot.PASSWORD);
    return store;
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  /** Looks every 200 ms, ten minutes at most. */
  private static void await(String what, BooleanSupplier isSo) {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(10);
    while (!isSo.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
    }
  }
}
