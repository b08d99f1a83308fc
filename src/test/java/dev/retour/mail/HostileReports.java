package dev.retour.mail;

import static dev.retour.mail.HostileMails.DAEMON;
import static dev.retour.mail.HostileMails.GROUP;
import static dev.retour.mail.HostileMails.NOTICE;
import static dev.retour.mail.HostileMails.REPORT;
import static dev.retour.mail.HostileMails.STATUS;
import static dev.retour.mail.HostileMails.fill;
import static dev.retour.mail.HostileMails.times;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.function.IntFunction;

/** Hostile mails that look like reports about delivery, so that all of the reader is at work. */
final class HostileReports {
  private final Map<String, byte[]> mails;

  private HostileReports(Map<String, byte[]> mails) {
    this.mails = mails;
  }

  static void addTo(Map<String, byte[]> mails) {
    HostileReports hostile = new HostileReports(mails);
    hostile.notices();
    hostile.words();
    hostile.reports();
    hostile.manyRecipients();
    hostile.notifications();
  }

  private void add(String name, String mail) {
    HostileMails.add(mails, name, mail);
  }

  private void notices() {
    add(
        "paragraphs of qmail",
        qmail(i -> "<a" + i + "@b.example>:\nno mailbox here. (#5.1.1)\n\n"));
    add("paragraphs of one at qmail", qmail(i -> "<a@b.example>:\nno mailbox here " + i + ".\n\n"));
    add(
        "paragraphs of Exim",
        NOTICE
            + fill(
                i ->
                    "  a"
                        + i
                        + "@b.example\n    host mx.b.example"
                        + " [192.0.2.1]: 550 5.1.1 <a"
                        + i
                        + "@b.example>: unknown user\n"));
    add("Exim without hosts", NOTICE + fill("  a@b.example\n    host host host host host host\n"));
    add(
        "sessions",
        NOTICE + fill(i -> ">>> RCPT TO:<a" + i + "@b.example>\n<<< 550 no such user\n"));
    add("commands", NOTICE + "<a@b.example>: no\n" + fill(">>> ") + "\n");
    add("commands by line", NOTICE + "<a@b.example>: no\n" + fill(">>> rcpt\n>>> data\n"));
    add("addresses by line", NOTICE + fill(i -> "a" + i + "@b.example\n"));
    add("one address by line", NOTICE + fill("a@b.example\n"));
    add("addresses in one line", NOTICE + fill(i -> "a" + i + "@b.example could not "));
    add("addresses behind marks", NOTICE + fill(i -> "<".repeat(70) + "a" + i + "@b.example "));
    add("addresses of others", NOTICE + fill(i -> "contact:\na" + i + "@b.example\n"));
    add("colons before addresses", NOTICE + fill(":".repeat(1_900) + "\na@b.example\n"));
    add("names alone", "From: a@b.example\n" + NOTICE + fill(i -> "recipient\nname" + i + "\n"));
    add("almost fields", NOTICE + fill("Received:\n"));
    add("fields in pairs", NOTICE + fill("Received: a\nTo: b\nx\n"));
    add("marks", NOTICE + fill("--- ---\n"));
    add("almost markers", NOTICE + fill("--- copy of the messag ---\n"));
    add("quoting marks", NOTICE + fill(">"));
    add("quoted fields", NOTICE + fill("> > > Final-Recipient: rfc822; a@b.example\n"));
  }

  private static String qmail(IntFunction<String> paragraph) {
    return DAEMON + "\nHi. This is the qmail-send program at b.example.\n\n" + fill(paragraph);
  }

  private void words() {
    add("words of failure", NOTICE + fill("could not be delivered "));
    add("almost words of failure", NOTICE + fill("could not be deliverex "));
    add("words of a challenge", NOTICE + fill("guest lis verify that you ar "));
    add("status codes", NOTICE + fill("5.1.1 "));
    add("almost status codes", NOTICE + fill("5."));
    add("status codes without end", NOTICE + fill("5.1.1."));
    add("vague status codes", NOTICE + fill("5.0.0 "));
    add("reply codes", NOTICE + fill("550 "));
    add("almost reply codes", NOTICE + fill("500 bytes "));
    add("digits", NOTICE + fill("5"));
    add("dots", NOTICE + fill("."));
    add("hosts", NOTICE + "<a@b.example>: " + fill("host a. "));
    add("writers", NOTICE + fill("program at "));
    add("a long local part", NOTICE + fill("a.") + "@b.example");
    add("a long domain", NOTICE + "a@" + fill("b."));
    add("addresses without pause", NOTICE + fill("a@b."));
    add("at signs by line", NOTICE + fill("@\n"));
    add(
        "domains of other scripts",
        "To: "
            + new String(
                "\u043f@\u043f\u043f.\u0440\u0444, ".repeat(80_000).getBytes(UTF_8), ISO_8859_1)
            + "\n\nx");
    add(
        "words of many rules",
        NOTICE
            + "<a@b.example>: "
            + fill(
                "user mailbox quota spam policy host"
                    + " domain blocked disabled full unknown relay denied size greylist dns "));
    add("the alphabet", NOTICE + fill("abcdefghijklmnopqrstuvwxyz"));
  }

  private void reports() {
    add("groups", REPORT + STATUS + fill(i -> GROUP.formatted(i) + "Status: 5.1.1\n\n"));
    add("groups without empty lines", REPORT + STATUS + fill(GROUP::formatted));
    add("groups of one", REPORT + STATUS + fill(GROUP.formatted(1) + "\n"));
    add(
        "fields of one group",
        REPORT + STATUS + fill(i -> "X-" + i + ": a\n") + GROUP.formatted(1));
    add(
        "fields behind a group",
        REPORT + STATUS + GROUP.formatted(1) + fill(i -> "X-" + i + ": a\n\n"));
    add(
        "actions",
        REPORT + STATUS + "Final-Recipient: rfc822; a@b.example\n" + fill("Action: failed\n"));
    add("status parts", REPORT + fill(i -> STATUS + GROUP.formatted(i)));
    add("status parts without fields", REPORT + fill(STATUS + "final-recipient\n"));
    add(
        "status parts beside mails",
        REPORT
            + times(
                49,
                i ->
                    STATUS
                        + "x-ecipient: finaf-recipient:\n".repeat(600)
                        + "\n--b\nContent-Type: message/rfc822\n\nTo: a@b.example\n\nx"));
    add(
        "one long diagnostic",
        REPORT + STATUS + GROUP.formatted(1) + "Diagnostic-Code: smtp; " + fill("5."));
    add(
        "diagnostic in folds",
        REPORT + STATUS + GROUP.formatted(1) + "Diagnostic-Code: smtp;\n" + fill(" a\n"));
    add(
        "diagnostic of encoded words",
        REPORT + STATUS + GROUP.formatted(1) + "Diagnostic-Code: " + fill("=?utf-8?Q?=3D?= "));
    add("semicolons for a recipient", REPORT + STATUS + "Final-Recipient: " + fill(";"));
    add(
        "recipients without address",
        REPORT + STATUS + fill("Final-Recipient: rfc822;\nAction: failed\n\n"));
    add("almost status fields", NOTICE + fill("final-recipient original-recipient action "));
    add("status fields late", NOTICE + fill("Recipient: a\n") + GROUP.formatted(1));
    add(
        "feedback fields",
        "Content-Type: multipart/report; boundary=b\n\n--b\n"
            + "Content-Type: message/feedback-report\n\nFeedback-Type: abuse\n"
            + fill(i -> "Reported-Domain: d" + i + ".example\n"));
    add(
        "complainers",
        "Content-Type: multipart/report; boundary=b\n\n--b\n"
            + "Content-Type: message/feedback-report\n\nFeedback-Type: abuse\n"
            + fill(i -> "Original-Rcpt-To: a" + i + "@b.example\n"));
    add(
        "disposition fields",
        "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type:"
            + " message/disposition-notification\n\n"
            + fill("Failure: a\n"));
  }

  /** Whatever is done for each recipient is done as often as the limit allows. */
  private void manyRecipients() {
    String words = "could not be delivered " + "a".repeat(60_000);
    add(
        "a long text asked for each recipient",
        DAEMON
            + "Content-Type: multipart/report; boundary=b"
            + "\n\n--b\n\n"
            + words
            + STATUS
            + times(700, i -> GROUP.formatted(i) + "\n"));
    add(
        "answers sought in a long text",
        DAEMON
            + "Content-Type: multipart/report; boundary=b\n\n--b\n\n"
            + words
            + STATUS
            + times(
                500,
                i ->
                    "Final-Recipient: rfc822; "
                        + i
                        + "@b.c\nDiagnostic-Code: x;"
                        + " %04d".formatted(i)
                        + "a".repeat(58)
                        + "\n\n"));
    add(
        "commands counted for each recipient",
        DAEMON
            + "Content-Type: multipart/report; boundary=b"
            + "\n\n--b\n\n"
            + ">>> rcpt\n".repeat(7_000)
            + STATUS
            + times(
                500,
                i ->
                    "Final-Recipient: rfc822; "
                        + i
                        + "@b.c\nDiagnostic-Code: x; nothing "
                        + i
                        + " is known of this\n\n"));
    add(
        "long sections",
        NOTICE
            + times(
                32,
                i -> "<a" + i + "@b.example>:\n" + "user mailbox quota spam".repeat(80) + "\n"));
    add(
        "words of many rules for each recipient",
        REPORT
            + STATUS
            + times(
                600,
                i ->
                    "Final-Recipient: rfc822; "
                        + i
                        + "@b.c\nDiagnostic-Code: x; user mailbox"
                        + " quota spam policy host domain blocked "
                        + i
                        + "\n\n"));
  }

  private void notifications() {
    add("nested arrays", DAEMON + "\n{\"a\":" + fill("["));
    add("nested objects", DAEMON + "\n" + fill("{\"a\":"));
    add("a long string", DAEMON + "\n{\"notificationType\":\"" + fill("a"));
    add("a string of escapes", DAEMON + "\n{\"Message\":\"" + fill("\\\""));
    add("long numbers", DAEMON + "\n{\"a\":" + fill("9") + "}");
    add("exponents", DAEMON + "\n{\"a\":[" + fill("1e999999999,") + "1]}");
    add("names", DAEMON + "\n{" + fill(i -> "\"a" + i + "\":1,") + "\"b\":1}");
    add("names that collide", DAEMON + "\n{" + fill(i -> "\"" + collide(i) + "\":1,") + "\"b\":1}");
    add(
        "notified recipients",
        DAEMON
            + "\n{\"notificationType\":\"Bounce\",\"bounce\":{"
            + "\"bouncedRecipients\":["
            + times(1_500, i -> "{\"emailAddress\":\"a" + i + "@b.c\"},")
            + "{}]}}");
    add("opening braces", DAEMON + "\n" + fill("{"));
    add("blanks before a brace", DAEMON + "\n" + fill(" ") + "{");
    String bounce = DAEMON + "\n{\"notificationType\":\"Bounce\",\"mail\":{\"commonHeaders\":{";
    add(
        "small: controls in a notified feedback type",
        DAEMON
            + "\n{\"notificationType\":\"Complaint\",\"complaint\":{\"complaintFeedbackType\":"
            + "\"a\\nb\\b\"}}");
    add("small: controls in a notified message id", bounce + "\"messageId\":\"<a\\n\u001b@b>\"}}}");
    add(
        "small: controls in a notified status",
        bounce
            + "}},\"bounce\":{\"bouncedRecipients\":[{\"emailAddress\":\"a@b.c\",\"status\":"
            + "\"1 user\\n\\u202e unknown\"}]}}");
  }

  /** Strings that have one hash in Java. */
  private static String collide(int number) {
    StringBuilder text = new StringBuilder();
    for (int bit = 0; bit < 14; bit++) {
      text.append((number >> bit & 1) == 0 ? "Aa" : "BB");
    }
    return text.toString();
  }
}
