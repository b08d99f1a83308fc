package dev.retour.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the name of a recipient makes of a mail. */
class SandboxRecipientsTest {
  @TempDir Path dir;
  private SandboxFixture it;

  @BeforeEach
  void open() {
    it = new SandboxFixture(dir);
  }

  @AfterEach
  void close() {
    it.close();
  }

  @Test
  void ok_is_captured_with_its_envelope_and_its_very_bytes() throws Exception {
    byte[] sent = it.send("ok+7@example.com", "Grüße");
    assertThat(it.world().capturedCount()).isEqualTo(1);
    CapturedMail mail = it.world().captured(10).get(0);
    assertThat(mail.envelopeFrom()).isEqualTo(SandboxFixture.FROM);
    assertThat(mail.envelopeTo()).containsExactly("ok+7@example.com");
    assertThat(mail.subject()).isEqualTo("Grüße");
    assertThat(mail.receivedAt()).isEqualTo(SandboxFixture.CLOCK.instant());
    assertThat(it.world().raw(mail.id()).orElseThrow()).isEqualTo(sent);
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
    assertThatThrownBy(() -> it.send(recipient, "x"))
        .isInstanceOf(MessagingException.class)
        .satisfies(fault -> assertThat(SandboxFixture.texts(fault)).contains(answer));
    assertThat(it.world().capturedCount()).isZero();
  }

  @Test
  void greylisted_is_accepted_at_the_second_attempt_for_each_address() throws Exception {
    assertThatThrownBy(() -> it.send("greylisted+1@example.com", "x"))
        .isInstanceOf(SendFailedException.class);
    it.send("greylisted+1@example.com", "x");
    assertThatThrownBy(() -> it.send("greylisted+2@example.com", "x"))
        .isInstanceOf(SendFailedException.class);
    assertThat(it.world().capturedCount()).isEqualTo(1);
  }

  @Test
  void slow_keeps_the_client_waiting() throws Exception {
    long start = System.nanoTime();
    it.send("slow@example.com", "x");
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThan(it.config.slowAnswerAfter());
    assertThat(it.world().capturedCount()).isEqualTo(1);
  }

  @Test
  void drop_takes_the_mail_but_never_answers() {
    assertThatThrownBy(() -> it.send("drop@example.com", "x"))
        .isInstanceOf(MessagingException.class);
    assertThat(it.world().capturedCount()).isEqualTo(1);
  }

  @Test
  void cut_ends_the_connection_inside_the_body() {
    assertThatThrownBy(() -> it.send("cut@example.com", "x".repeat(500_000)))
        .isInstanceOf(MessagingException.class);
    assertThat(it.world().capturedCount()).isZero();
  }

  @Test
  void a_kept_connection_works_on_after_refusals() throws Exception {
    Session session = it.session();
    try (Transport transport = session.getTransport("smtp")) {
      transport.connect();
      for (String recipient : List.of("spam@a.example", "unknown@a.example", "ok@a.example")) {
        MimeMessage message = SandboxFixture.message(session, recipient, "x");
        try {
          transport.sendMessage(message, message.getAllRecipients());
        } catch (MessagingException refused) {
          assertThat(recipient).isNotEqualTo("ok@a.example");
        }
      }
    }
    assertThat(it.world().capturedCount()).isEqualTo(1);
  }

  @Test
  void a_mail_that_is_too_large_is_refused_whatever_size_was_declared() {
    assertThatThrownBy(() -> it.send("ok@example.com", "x".repeat(2_000_000)))
        .satisfies(fault -> assertThat(SandboxFixture.texts(fault)).contains("552 5.3.4"));
    assertThat(it.world().capturedCount()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"bounce-later+5@example.com, 5.1.1", "full-later5@example.com, 5.2.2"})
  void a_late_bounce_arrives_as_a_delivery_report(String recipient, String status)
      throws Exception {
    it.send(recipient, "Order 4711");
    String report = SandboxFixture.arrived("imap", it.config.imapPort(), it.config.bounces());
    assertThat(report)
        .contains("To: " + SandboxFixture.FROM)
        .contains("report-type=delivery-status")
        .contains("Final-Recipient: rfc822; " + recipient)
        .contains("Status: " + status)
        .contains("Subject: Order 4711")
        .contains("Message-ID: <sent@shop.example>");
  }

  @Test
  void a_complaint_arrives_in_the_feedback_mailbox_over_pop3() throws Exception {
    it.send("complaint@example.com", "Offer");
    assertThat(SandboxFixture.arrived("pop3", it.config.pop3Port(), it.config.feedback()))
        .contains("report-type=feedback-report")
        .contains("Feedback-Type: abuse")
        .contains("Original-Rcpt-To: <complaint@example.com>")
        .contains("Message-ID: <sent@shop.example>");
  }

  @Test
  void an_absence_reply_goes_to_the_envelope_sender() throws Exception {
    it.send("away@example.com", "Offer");
    assertThat(SandboxFixture.arrived("imap", it.config.imapPort(), it.config.bounces()))
        .contains("To: " + SandboxFixture.FROM)
        .contains("Auto-Submitted: auto-replied")
        .contains("In-Reply-To: <sent@shop.example>");
  }
}
