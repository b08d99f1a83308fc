package dev.retour.app;

import dev.retour.mail.ReturnPath;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What a bounce mailbox holds on a bad day, written here; each mail has a number in its subject.
 */
final class MixedMails {
  private static final List<String> HARD =
      List.of(
          "550 5.1.1 <%s>: Recipient address rejected: User unknown",
          "550 5.1.1 The email account %s does not exist",
          "550 5.1.2 <%s>: Host or domain name not found",
          "554 5.2.1 <%s>: mailbox permanently disabled");
  private static final List<String> SOFT =
      List.of(
          "452 4.2.2 <%s>: Mailbox full",
          "552 5.2.2 <%s>: Over quota",
          "550 5.7.1 <%s>: Message rejected as spam by content filter",
          "421 4.4.1 <%s>: Connection timed out");

  private final Random random = new Random(4711);
  private final ReturnPath signer;
  private final Instant now;

  /** A mail that was sent. */
  record Sent(long id, String recipient, String messageId) {}

  /**
   * A mail in the mailbox.
   *
   * @param harms the address that must have exactly one history row because of it; null: none
   */
  @SuppressWarnings("ArrayRecordComponent") // bytes are handed over, not compared
  record Mail(int number, byte[] raw, String folder, @Nullable String harms) {}

  MixedMails(ReturnPath signer, Instant now) {
    this.signer = signer;
    this.now = now;
  }

  /** As many mails; each is about another one of those sent. */
  List<Mail> make(int count, List<Sent> sent) {
    List<Mail> mails = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      mails.add(mail(i, sent.get(i)));
    }
    return mails;
  }

  private Mail mail(int number, Sent sent) {
    int kind = random.nextInt(100);
    String token = signer.sign(sent.id(), now);
    if (kind < 40) {
      String said = pick(kind < 25 ? HARD : SOFT);
      return new Mail(
          number, report(number, token, sent, "failed", said), "Processed", sent.recipient());
    }
    if (kind < 55) {
      return new Mail(
          number,
          report(number, "bounce@shop.example", sent, "failed", HARD.get(0)),
          "Processed",
          sent.recipient());
    }
    if (kind < 65) {
      return new Mail(number, exim(number, token, sent), "Processed", sent.recipient());
    }
    if (kind < 75) {
      Sent nobody = new Sent(0, "nobody" + number + "@elsewhere.example", "<n@elsewhere.example>");
      return new Mail(
          number,
          report(number, "bounce+forged@x.example", nobody, "failed", HARD.get(0)),
          "Processed",
          null);
    }
    if (kind < 82) {
      return new Mail(
          number, report(number, token, sent, "delayed", SOFT.get(3)), "Processed", null);
    }
    if (kind < 88) {
      return new Mail(number, absence(number, token, sent), "Processed", null);
    }
    if (kind < 92) {
      return new Mail(number, complaint(number, sent), "Processed", sent.recipient());
    }
    return new Mail(number, letter(number), "Other", null);
  }

  private byte[] report(int number, String to, Sent sent, String action, String said) {
    String text = said.formatted(sent.recipient());
    return bytes(
        """
        Return-Path: <>
        From: Mail Delivery System <MAILER-DAEMON@mx%1$d.example.net>
        To: %2$s
        Subject: Undelivered Mail Returned to Sender #%1$d
        Message-ID: <report.%1$d@mx.example.net>
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="b%1$d"

        --b%1$d
        Content-Type: text/plain

        This is the mail system at host mx%1$d.example.net. Your message could not be delivered.

        <%3$s>: host mx.example.org said: %4$s (in reply to RCPT TO command)

        --b%1$d
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx%1$d.example.net

        Final-Recipient: rfc822; %3$s
        Action: %5$s
        Status: %6$s
        Diagnostic-Code: smtp; %4$s

        --b%1$d
        Content-Type: message/rfc822

        %7$s
        --b%1$d--
        """
            .formatted(
                number,
                to,
                sent.recipient(),
                text,
                action,
                text.substring(4, 9),
                returned(number, sent)));
  }

  private byte[] exim(int number, String to, Sent sent) {
    return bytes(
        """
        Return-Path: <>
        X-Failed-Recipients: %3$s
        Auto-Submitted: auto-replied
        From: Mail Delivery System <Mailer-Daemon@exim.example.net>
        To: %2$s
        Subject: Mail delivery failed: returning message to sender #%1$d
        Message-Id: <exim.%1$d@exim.example.net>

        This message was created automatically by mail delivery software.

        A message that you sent could not be delivered to one or more of its
        recipients. This is a permanent error. The following address(es) failed:

          %3$s
            SMTP error from remote mail server after RCPT TO:<%3$s>:
            host mx.example.org [192.0.2.1]: 550 5.1.1 <%3$s>: User unknown

        ------ This is a copy of the message, including all the headers. ------

        %4$s
        """
            .formatted(number, to, sent.recipient(), returned(number, sent)));
  }

  private byte[] absence(int number, String to, Sent sent) {
    return bytes(
        """
        From: %3$s
        To: %2$s
        Subject: Out of office: Your order #%1$d
        Message-ID: <away.%1$d@example.net>
        Auto-Submitted: auto-replied (vacation)
        X-Autoreply: yes

        I am out of the office until Monday and will answer your mail then.

        %4$s
        """
            .formatted(number, to, sent.recipient(), words(1_500)));
  }

  private byte[] complaint(int number, Sent sent) {
    return bytes(
        """
        From: Feedback <fbl@example.net>
        To: feedback@shop.example
        Subject: FW: Your order #%1$d
        Message-ID: <fbl.%1$d@example.net>
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=feedback-report; boundary="b1"

        --b1
        Content-Type: text/plain

        This is an abuse report.

        --b1
        Content-Type: message/feedback-report

        Feedback-Type: abuse
        User-Agent: Loop/1.0
        Version: 1
        Original-Rcpt-To: <%2$s>

        --b1
        Content-Type: message/rfc822

        %3$s
        --b1--
        """
            .formatted(number, sent.recipient(), returned(number, sent)));
  }

  private byte[] letter(int number) {
    return bytes(
        """
        From: Berta <berta%1$d@example.com>
        To: shop@shop.example
        Subject: A question about my order #%1$d
        Message-ID: <letter.%1$d@example.com>

        Hello, when will my parcel come?

        %2$s
        """
            .formatted(number, words(2_000 + random.nextInt(5_000))));
  }

  /** Mostly 2 to 10 kB; one in seventy came back with its attachment. */
  private String returned(int number, Sent sent) {
    String head =
        """
        From: Shop <shop@shop.example>
        To: %s
        Subject: Your order
        Message-ID: %s
        MIME-Version: 1.0
        """
            .formatted(sent.recipient(), sent.messageId());
    if (number % 70 != 0) {
      return head + "Content-Type: text/plain\n\n" + words(1_000 + random.nextInt(7_500));
    }
    byte[] attachment = new byte[80_000 + random.nextInt(200_000)];
    random.nextBytes(attachment);
    return head
        + "Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n"
        + Base64.getMimeEncoder().encodeToString(attachment).replace("\r\n", "\n");
  }

  private String words(int chars) {
    StringBuilder text = new StringBuilder(chars + 80);
    while (text.length() < chars) {
      for (int i = 0; i < 10; i++) {
        text.append(pick(List.of("order", "parcel", "Thursday", "blue", "invoice", "and", "of")));
        text.append(' ');
      }
      text.append('\n');
    }
    return text.toString();
  }

  private String pick(List<String> from) {
    return from.get(random.nextInt(from.size()));
  }

  private static byte[] bytes(String text) {
    return text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
  }
}
