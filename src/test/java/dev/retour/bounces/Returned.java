package dev.retour.bounces;

import java.nio.charset.StandardCharsets;

/** Mails that come back, written here. */
final class Returned {
  private Returned() {}

  /** A delivery report in the form of RFC 3464. */
  static byte[] report(String to, String recipient, String action, String said, String messageId) {
    String status = said.replaceAll(".*?([245]\\.\\d+\\.\\d+).*", "$1");
    return bytes(
        """
        Return-Path: <>
        From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
        To: %1$s
        Subject: Undelivered Mail Returned to Sender
        Message-ID: <report.%2$d@mx.example.net>
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

        --b1
        Content-Type: text/plain

        This is the mail system at host mx.example.net. <%3$s>: %5$s

        --b1
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example.net

        Final-Recipient: rfc822; %3$s
        Action: %4$s
        Status: %6$s
        Diagnostic-Code: smtp; %5$s

        --b1
        Content-Type: text/rfc822-headers

        From: shop@shop.example
        To: %3$s
        Subject: Your order
        Message-ID: %7$s

        --b1--
        """
            .formatted(to, said.hashCode(), recipient, action, said, status, messageId));
  }

  static byte[] complaint(String recipient, String type, String messageId) {
    return bytes(
        """
        From: Feedback <fbl@example.net>
        To: feedback@shop.example
        Subject: FW: Your order
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=feedback-report; boundary="b1"

        --b1
        Content-Type: text/plain

        This is an abuse report.

        --b1
        Content-Type: message/feedback-report

        Feedback-Type: %2$s
        User-Agent: Loop/1.0
        Version: 1
        Original-Rcpt-To: <%1$s>

        --b1
        Content-Type: text/rfc822-headers

        From: shop@shop.example
        To: %1$s
        Subject: Your order
        Message-ID: %3$s

        --b1--
        """
            .formatted(recipient, type, messageId));
  }

  static byte[] bytes(String text) {
    return text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
  }
}
