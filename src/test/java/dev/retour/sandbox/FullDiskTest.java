package dev.retour.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retour.config.Settings;
import dev.retour.support.Ports;
import dev.retour.support.SmallDisk;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** The spool of the sandbox on a disk that is full: nothing is answered 250 that is not kept. */
class FullDiskTest {
  private static final int MEGABYTES = 8;

  @TempDir Path dir;

  @Test
  void a_mail_that_cannot_be_kept_is_refused_and_taken_once_there_is_room_again() throws Exception {
    try (SmallDisk disk =
        SmallDisk.at(dir.resolve("disk"), MEGABYTES)
            .orElseThrow(() -> new TestAbortedException(SmallDisk.NONE))) {
      SandboxConfig config =
          SandboxConfig.from(
              Settings.of(
                  Map.of(
                      "sandbox.dir", disk.path().resolve("sandbox").toString(),
                      "sandbox.smtp-port", Integer.toString(Ports.free()),
                      "sandbox.imap-port", Integer.toString(Ports.free()),
                      "sandbox.pop3-port", Integer.toString(Ports.free()))));
      try (SandboxWorld world = new SandboxWorld(config, InstantSource.system()).start()) {
        send(config, "one");
        disk.fill();
        assertThatThrownBy(() -> send(config, "two"))
            .isInstanceOf(MessagingException.class)
            .hasMessageStartingWith("452 4.3.1"); // for now: the client keeps it
        assertThat(world.capturedCount()).isEqualTo(1);
        disk.free();
        send(config, "three");
        assertThat(world.captured(10))
            .extracting(CapturedMail::subject)
            .containsExactly("three", "one");
      }
      try (SandboxWorld again = new SandboxWorld(config, InstantSource.system()).start()) {
        assertThat(again.captured(10))
            .extracting(CapturedMail::subject)
            .containsExactly("three", "one");
      }
    }
  }

  private static void send(SandboxConfig config, String subject) throws MessagingException {
    Properties properties = new Properties();
    properties.put("mail.smtp.host", "127.0.0.1");
    properties.put("mail.smtp.port", Integer.toString(config.smtpPort()));
    Session session = Session.getInstance(properties);
    MimeMessage message = new MimeMessage(session);
    message.setFrom("bounce@shop.example");
    message.setRecipient(
        jakarta.mail.Message.RecipientType.TO, new InternetAddress("ok@example.com"));
    message.setSubject(subject);
    message.setText("A line.\r\n".repeat(1_000));
    Transport.send(message);
  }
}
