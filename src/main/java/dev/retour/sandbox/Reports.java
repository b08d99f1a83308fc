package dev.retour.sandbox;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Writes what a remote system would send back about a mail: delivery reports (RFC 3464), complaints
 * (RFC 5965) and absence replies (RFC 3834), in the form common servers give them.
 */
final class Reports {
  static final String HOST = "mx.sandbox.invalid";

  private static final int RETURNED_HEADER_BYTES_MAX = 32_768;
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Reports() {}

  /** The mail a report is about: envelope, header section, the instant the report is written. */
  record About(long id, String from, String recipient, String header, Instant at) {
    String date() {
      return DATE.format(at);
    }

    String domain() {
      return recipient.substring(recipient.lastIndexOf('@') + 1);
    }

    /** One header line of the mail, folded lines joined; empty when it has none. */
    String header(String name) {
      String prefix = name.toLowerCase(Locale.ROOT) + ":";
      for (String line : header.replaceAll("\r\n[ \t]+", " ").split("\r\n", -1)) {
        if (line.toLowerCase(Locale.ROOT).startsWith(prefix)) {
          return line.substring(prefix.length()).strip();
        }
      }
      return "";
    }
  }

  /** The header section as it came, bounded, without the empty line that ends it. */
  static String header(byte[] raw) {
    int length = Math.min(raw.length, RETURNED_HEADER_BYTES_MAX);
    String text = new String(raw, 0, length, StandardCharsets.ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    return end < 0 ? text : text.substring(0, end);
  }

  /** A delivery report for one recipient who cannot be reached. */
  static byte[] undeliverable(About about, String status, String reply) {
    String boundary = "=_report_" + about.id();
    String text =
        """
        Return-Path: <>
        From: Mail Delivery System <MAILER-DAEMON@%1$s>
        To: %2$s
        Subject: Undelivered Mail Returned to Sender
        Date: %3$s
        Message-ID: <report.%4$d@%1$s>
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status;
         boundary="%5$s"

        This is a MIME-encapsulated message.

        --%5$s
        Content-Description: Notification
        Content-Type: text/plain; charset=us-ascii

        This is the mail system at host %1$s.

        I'm sorry to have to inform you that your message could not
        be delivered to one or more recipients. It's attached below.

        <%6$s>: host mail.%7$s said: %8$s
            (in reply to RCPT TO command)

        --%5$s
        Content-Description: Delivery report
        Content-Type: message/delivery-status

        Reporting-MTA: dns; %1$s
        Arrival-Date: %3$s

        Final-Recipient: rfc822; %6$s
        Original-Recipient: rfc822;%6$s
        Action: failed
        Status: %9$s
        Remote-MTA: dns; mail.%7$s
        Diagnostic-Code: smtp; %8$s

        --%5$s
        Content-Description: Undelivered Message Headers
        Content-Type: text/rfc822-headers

        %10$s

        --%5$s--
        """
            .formatted(
                HOST,
                about.from(),
                about.date(),
                about.id(),
                boundary,
                about.recipient(),
                about.domain(),
                reply,
                status,
                about.header());
    return bytes(text);
  }

  /** A complaint: the recipient marked the mail as spam. */
  static byte[] complaint(About about, String mailbox) {
    String boundary = "=_feedback_" + about.id();
    String text =
        """
        Return-Path: <staff@%1$s>
        From: Feedback Loop <staff@%1$s>
        To: %2$s@%1$s
        Subject: FW: %3$s
        Date: %4$s
        Message-ID: <feedback.%5$d@%1$s>
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=feedback-report;
         boundary="%6$s"

        --%6$s
        Content-Type: text/plain; charset=us-ascii

        This is an email abuse report for an email message received from
        127.0.0.1 on %4$s.

        --%6$s
        Content-Type: message/feedback-report

        Feedback-Type: abuse
        User-Agent: Sandbox-Feedback-Loop/1.0
        Version: 1
        Original-Mail-From: <%7$s>
        Original-Rcpt-To: <%8$s>
        Arrival-Date: %4$s
        Source-IP: 127.0.0.1
        Reporting-MTA: dns; %1$s

        --%6$s
        Content-Type: text/rfc822-headers
        Content-Disposition: inline

        %9$s

        --%6$s--
        """
            .formatted(
                HOST,
                mailbox,
                about.header("Subject"),
                about.date(),
                about.id(),
                boundary,
                about.from(),
                about.recipient(),
                about.header());
    return bytes(text);
  }

  /** An absence reply, sent to the envelope sender as RFC 3834 section 4 asks. */
  static byte[] absence(About about) {
    String text =
        """
        Return-Path: <>
        From: <%1$s>
        To: %2$s
        Subject: Automatic reply: %3$s
        Date: %4$s
        Message-ID: <absence.%5$d@%6$s>
        In-Reply-To: %7$s
        References: %7$s
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: text/plain; charset=us-ascii

        Thank you for your message. I am out of the office and will read it
        when I am back on Monday.
        """
            .formatted(
                about.recipient(),
                about.from(),
                about.header("Subject"),
                about.date(),
                about.id(),
                HOST,
                about.header("Message-ID"));
    return bytes(text);
  }

  // The header of the mail already has CRLF; everything else is written here with LF.
  private static byte[] bytes(String text) {
    return text.replace("\r\n", "\n").replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
  }
}
