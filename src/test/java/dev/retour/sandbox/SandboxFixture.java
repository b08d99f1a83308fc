package dev.retour.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.config.Settings;
import dev.retour.support.Mailboxes;
import dev.retour.support.Ports;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** A sandbox on ports of its own, and a client that sends to it. */
final class SandboxFixture implements AutoCloseable {
  static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-03-01T10:15:30Z"));
  static final String FROM = "bounce+abc@shop.example";

  final SandboxConfig config;
  private final Path dir;
  private SandboxWorld world;

  SandboxFixture(Path dir) {
    this.dir = dir;
    this.config = config(List.of(Ports.free(), Ports.free(), Ports.free()), "0ms");
    this.world = new SandboxWorld(config, CLOCK).start();
  }

  /** The one that runs now. */
  SandboxWorld world() {
    return world;
  }

  /** Starts it again on its ports, after it was closed. */
  void start() {
    world = new SandboxWorld(config, CLOCK).start();
  }

  /** The same with reports that arrive so long after their mails. */
  void start(String reportAfter) {
    List<Integer> same = List.of(config.smtpPort(), config.imapPort(), config.pop3Port());
    world = new SandboxWorld(config(same, reportAfter), CLOCK).start();
  }

  private SandboxConfig config(List<Integer> ports, String reportAfter) {
    return SandboxConfig.from(
        Settings.of(
            Map.of(
                "sandbox.dir",
                dir.toString(),
                "sandbox.smtp-port",
                Integer.toString(ports.get(0)),
                "sandbox.imap-port",
                Integer.toString(ports.get(1)),
                "sandbox.pop3-port",
                Integer.toString(ports.get(2)),
                "sandbox.size-max",
                "1000000",
                "sandbox.captured-max",
                "3",
                "sandbox.slow-answer-after",
                "50ms",
                "sandbox.report-after",
                reportAfter)));
  }

  /** Sends a mail; its bytes. */
  byte[] send(String recipient, String subject) throws MessagingException, IOException {
    Session session = session();
    MimeMessage message = message(session, recipient, subject);
    Transport.send(message);
    var bytes = new java.io.ByteArrayOutputStream();
    message.writeTo(bytes);
    return bytes.toByteArray();
  }

  Session session() {
    Properties properties = new Properties();
    properties.setProperty("mail.smtp.host", "127.0.0.1");
    properties.setProperty("mail.smtp.port", Integer.toString(config.smtpPort()));
    properties.setProperty("mail.smtp.from", FROM);
    properties.setProperty("mail.smtp.timeout", "10000");
    return Session.getInstance(properties);
  }

  static MimeMessage message(Session session, String recipient, String subject)
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

  /** The one mail that arrives there. */
  static String arrived(String protocol, int port, SandboxConfig.Login login) throws Exception {
    List<String> mails =
        Mailboxes.await(protocol, port, login.user(), login.password(), "INBOX", l -> !l.isEmpty());
    assertThat(mails).hasSize(1);
    return mails.get(0);
  }

  /** All that is said in a fault and behind it. */
  static String texts(Throwable fault) {
    StringBuilder texts = new StringBuilder();
    for (Throwable next = fault; next != null; ) {
      texts.append(next.getMessage()).append('\n');
      next = next instanceof MessagingException m ? m.getNextException() : next.getCause();
    }
    return texts.toString();
  }

  @Override
  public void close() {
    world.close();
  }
}
