package dev.retour.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retour.config.ConfigException;
import dev.retour.config.Settings;
import dev.retour.support.Mailboxes;
import dev.retour.support.Ports;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SandboxWorldTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-03-01T10:15:30Z"));
  private static final String FROM = "bounce+abc@shop.example";

  @TempDir Path dir;
  private SandboxConfig config;
  private SandboxWorld world;

  @BeforeEach
  void open() {
    config = config(Ports.free(), "0ms");
    world = new SandboxWorld(config, CLOCK).start();
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void ok_is_captured_with_its_envelope_and_its_very_bytes() throws Exception {
    byte[] sent = send("ok+7@example.com", "Grüße");
    assertThat(world.capturedCount()).isEqualTo(1);
    CapturedMail mail = world.captured(10).get(0);
    assertThat(mail.envelopeFrom()).isEqualTo(FROM);
    assertThat(mail.envelopeTo()).containsExactly("ok+7@example.com");
    assertThat(mail.subject()).isEqualTo("Grüße");
    assertThat(mail.receivedAt()).isEqualTo(CLOCK.instant());
    assertThat(world.raw(mail.id()).orElseThrow()).isEqualTo(sent);
    assertThat(mail.bytes()).isEqualTo(sent.length);
  }

  @ParameterizedTest
  @CsvSource({
    "unknown@example.com, 550 5.1.1",
    "unknown7@other.example, 550 5.1.1",
    "full.8@example.com, 452 4.2.2",
    "full-9@example.com, 452 4.2.2",
    "greylisted@example.com, 451 4.7.1",
    "SPAM+1@example.com, 554 5.7.1",
  })
  void a_refusing_recipient_gets_its_answer_and_nothing_is_captured(
      String recipient, String answer) {
    assertThatThrownBy(() -> send(recipient, "x"))
        .isInstanceOf(MessagingException.class)
        .satisfies(fault -> assertThat(texts(fault)).contains(answer));
    assertThat(world.capturedCount()).isZero();
  }

  @Test
  void greylisted_is_accepted_at_the_second_attempt_for_each_address() throws Exception {
    assertThatThrownBy(() -> send("greylisted+1@example.com", "x"))
        .isInstanceOf(SendFailedException.class);
    send("greylisted+1@example.com", "x");
    assertThatThrownBy(() -> send("greylisted+2@example.com", "x"))
        .isInstanceOf(SendFailedException.class);
    assertThat(world.capturedCount()).isEqualTo(1);
  }

  @Test
  void slow_keeps_the_client_waiting() throws Exception {
    long start = System.nanoTime();
    send("slow@example.com", "x");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(config.slowAnswerAfter());
    assertThat(world.capturedCount()).isEqualTo(1);
  }

  @Test
  void drop_takes_the_mail_but_never_answers() {
    assertThatThrownBy(() -> send("drop@example.com", "x")).isInstanceOf(MessagingException.class);
    assertThat(world.capturedCount()).isEqualTo(1);
  }

  @Test
  void cut_ends_the_connection_inside_the_body() {
    assertThatThrownBy(() -> send("cut@example.com", "x".repeat(500_000)))
        .isInstanceOf(MessagingException.class);
    assertThat(world.capturedCount()).isZero();
  }

  @Test
  void a_kept_connection_works_on_after_refusals() throws Exception {
    Session session = session();
    try (Transport transport = session.getTransport("smtp")) {
      transport.connect();
      for (String recipient : List.of("spam@a.example", "unknown@a.example", "ok@a.example")) {
        MimeMessage message = message(session, recipient, "x");
        try {
          transport.sendMessage(message, message.getAllRecipients());
        } catch (MessagingException refused) {
          assertThat(recipient).isNotEqualTo("ok@a.example");
        }
      }
    }
    assertThat(world.capturedCount()).isEqualTo(1);
  }

  @Test
  void a_mail_that_is_too_large_is_refused_whatever_size_was_declared() {
    assertThatThrownBy(() -> send("ok@example.com", "x".repeat(2_000_000)))
        .satisfies(fault -> assertThat(texts(fault)).contains("552 5.3.4"));
    assertThat(world.capturedCount()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"bounce-later+5@example.com, 5.1.1", "full-later5@example.com, 5.2.2"})
  void a_late_bounce_arrives_as_a_delivery_report(String recipient, String status)
      throws Exception {
    send(recipient, "Order 4711");
    String report = arrived("imap", config.imapPort(), config.bounces());
    assertThat(report)
        .contains("To: " + FROM)
        .contains("report-type=delivery-status")
        .contains("Final-Recipient: rfc822; " + recipient)
        .contains("Status: " + status)
        .contains("Subject: Order 4711")
        .contains("Message-ID: <sent@shop.example>");
  }

  @Test
  void a_complaint_arrives_in_the_feedback_mailbox_over_pop3() throws Exception {
    send("complaint@example.com", "Offer");
    assertThat(arrived("pop3", config.pop3Port(), config.feedback()))
        .contains("report-type=feedback-report")
        .contains("Feedback-Type: abuse")
        .contains("Original-Rcpt-To: <complaint@example.com>")
        .contains("Message-ID: <sent@shop.example>");
  }

  @Test
  void an_absence_reply_goes_to_the_envelope_sender() throws Exception {
    send("away@example.com", "Offer");
    assertThat(arrived("imap", config.imapPort(), config.bounces()))
        .contains("To: " + FROM)
        .contains("Auto-Submitted: auto-replied")
        .contains("In-Reply-To: <sent@shop.example>");
  }

  @Test
  void a_restart_keeps_captured_mails_mailboxes_and_reports_not_yet_delivered() throws Exception {
    world.close();
    world = new SandboxWorld(config(config.smtpPort(), "1h"), CLOCK).start();
    send("bounce-later@example.com", "late");
    world.deliver(SandboxWorld.Account.BOUNCES, bytes("Subject: one\r\n\r\n.\r\n"));
    Mailboxes.moveAll(config.imapPort(), "bounces", "sandbox", "Processed");
    world.deliver(SandboxWorld.Account.BOUNCES, bytes("Subject: two\r\n\r\n.\r\n"));
    world.close();

    world = new SandboxWorld(config, CLOCK).start();
    assertThat(world.capturedCount()).isEqualTo(1);
    assertThat(world.captured(1).get(0).subject()).isEqualTo("late");
    assertThat(
            Mailboxes.await(
                "imap", config.imapPort(), "bounces", "sandbox", "INBOX", l -> l.size() == 2))
        .anyMatch(mail -> mail.contains("Subject: two"))
        .anyMatch(mail -> mail.contains("Status: 5.1.1"));
    assertThat(Mailboxes.read("imap", config.imapPort(), "bounces", "sandbox", "Processed"))
        .singleElement()
        .asString()
        .contains("Subject: one");
  }

  @Test
  void only_the_newest_captured_mails_are_kept_but_all_are_counted() throws Exception {
    for (int i = 1; i <= 5; i++) {
      send("ok" + i + "@example.com", "mail " + i);
    }
    assertThat(world.capturedCount()).isEqualTo(5);
    assertThat(world.captured(10)).extracting(CapturedMail::id).containsExactly(5L, 4L, 3L);
    assertThat(world.raw(1)).isEmpty();
    try (var files = Files.list(dir.resolve("captured"))) {
      assertThat(files).hasSize(3);
    }
  }

  @Test
  void a_wrong_password_is_refused() {
    assertThatThrownBy(() -> Mailboxes.read("imap", config.imapPort(), "bounces", "wrong", "INBOX"))
        .isInstanceOf(AuthenticationFailedException.class);
  }

  @ParameterizedTest
  @CsvSource({"smtp", "imap", "pop3"})
  void a_port_in_use_is_one_clear_sentence_and_leaves_nothing_open(String protocol)
      throws Exception {
    world.close();
    int port =
        switch (protocol) {
          case "smtp" -> config.smtpPort();
          case "imap" -> config.imapPort();
          default -> config.pop3Port();
        };
    try (ServerSocket other = NoDelayServerSocket.bound(port, Socket::new)) {
      assertThat(other.isBound()).isTrue();
      assertThatThrownBy(() -> new SandboxWorld(config, CLOCK).start())
          .isInstanceOf(SandboxException.class)
          .hasMessage(
              "The sandbox's %s port %d on 127.0.0.1 is in use: stop the program that holds it or"
                  + " set sandbox.%s-port.",
              protocol.toUpperCase(java.util.Locale.ROOT), port, protocol);
    }
    world = new SandboxWorld(config, CLOCK).start();
  }

  @Test
  void two_accounts_of_one_name_are_refused() {
    assertThatThrownBy(
            () -> SandboxConfig.from(Settings.of(Map.of("sandbox.feedback-user", "bounces"))))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("sandbox.feedback-user");
  }

  private SandboxConfig config(int smtpPort, String reportAfter) {
    int imap = config == null ? Ports.free() : config.imapPort();
    int pop3 = config == null ? Ports.free() : config.pop3Port();
    return SandboxConfig.from(
        Settings.of(
            Map.of(
                "sandbox.dir",
                dir.toString(),
                "sandbox.smtp-port",
                Integer.toString(smtpPort),
                "sandbox.imap-port",
                Integer.toString(imap),
                "sandbox.pop3-port",
                Integer.toString(pop3),
                "sandbox.size-max",
                "1000000",
                "sandbox.captured-max",
                "3",
                "sandbox.slow-answer-after",
                "50ms",
                "sandbox.report-after",
                reportAfter)));
  }

  private static String arrived(String protocol, int port, SandboxConfig.Login login)
      throws Exception {
    List<String> mails =
        Mailboxes.await(protocol, port, login.user(), login.password(), "INBOX", l -> !l.isEmpty());
    assertThat(mails).hasSize(1);
    return mails.get(0);
  }

  private byte[] send(String recipient, String subject) throws MessagingException, IOException {
    Session session = session();
    MimeMessage message = message(session, recipient, subject);
    Transport.send(message);
    var bytes = new java.io.ByteArrayOutputStream();
    message.writeTo(bytes);
    return bytes.toByteArray();
  }

  private Session session() {
    Properties properties = new Properties();
    properties.setProperty("mail.smtp.host", "127.0.0.1");
    properties.setProperty("mail.smtp.port", Integer.toString(config.smtpPort()));
    properties.setProperty("mail.smtp.from", FROM);
    properties.setProperty("mail.smtp.timeout", "10000");
    return Session.getInstance(properties);
  }

  private static MimeMessage message(Session session, String recipient, String subject)
      throws MessagingException {
    MimeMessage message =
        new MimeMessage(session) {
          @Override
          protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", "<sent@shop.example>");
          }
        };
    message.setFrom("shop@shop.example");
    message.setRecipient(Message.RecipientType.TO, new InternetAddress(recipient));
    boolean large = subject.length() > 1_000;
    message.setSubject(large ? "large" : subject, "UTF-8");
    message.setText(large ? subject.replaceAll("(.{70})", "$1\r\n") : "Hello\r\n.dot\r\n");
    return message;
  }

  private static String texts(Throwable fault) {
    StringBuilder texts = new StringBuilder();
    for (Throwable next = fault; next != null; ) {
      texts.append(next.getMessage()).append('\n');
      next = next instanceof MessagingException m ? m.getNextException() : next.getCause();
    }
    return texts.toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
