package dev.retour.mail;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.Random;

/**
 * Makes broken mails: damages real ones byte by byte and line by line, splices two, or composes one
 * from fragments of the grammar. The same seed makes the same mails.
 */
final class BrokenMime {
  private static final int BYTES_MAX = 300_000;
  private static final int NEST_MAX = 4;
  private static final String[] BOUNDARIES = {
    "b", "bb", "=_b", "b b", "", "-", "--", "----=_Part", "b;c", "\u00e9", "(b)", "b\u0000"
  };
  private static final String[] TYPES = {
    "text/plain",
    "text/html",
    "TEXT/PLAIN",
    "text",
    "",
    "message/rfc822",
    "message/global",
    "message/delivery-status",
    "message/global-delivery-status",
    "message/feedback-report",
    "message/disposition-notification",
    "message/partial",
    "message/external-body",
    "text/rfc822-headers",
    "multipart/report; report-type=delivery-status",
    "multipart/report; report-type=feedback-report",
    "multipart/mixed",
    "multipart/alternative",
    "multipart/related",
    "multipart/digest",
    "multipart/",
    "application/json",
    "application/octet-stream",
    "image/png",
    "*/*",
    ";",
    "text/plain;;",
    "a/b/c"
  };
  private static final String[] CHARSETS = {
    "utf-8",
    "us-ascii",
    "iso-8859-1",
    "utf-16",
    "utf-7",
    "utf-32",
    "iso-2022-jp",
    "shift_jis",
    "gb2312",
    "big5",
    "euc-kr",
    "koi8-r",
    "windows-1251",
    "iso-2022-cn",
    "x-unknown",
    "",
    "\"",
    "*"
  };
  private static final String[] ENCODINGS = {
    "7bit", "8bit", "binary", "base64", "quoted-printable", "x-uuencode", "", "base64 base64", "?"
  };
  private static final String[] FIELDS = {
    "From: <>",
    "From: MAILER-DAEMON@mx.example (Mail Delivery System)",
    "From: \"a\" <a@b.example>",
    "From: @",
    "From: <\"a\"@b@c.example>",
    "To: a@b.example, c@d.example",
    "To: undisclosed:;",
    "Return-Path: <>",
    "Subject: Undelivered Mail Returned to Sender",
    "Subject: Out of office",
    "Subject: =?utf-8?B?VW56dXN0ZWxsYmFy?=",
    "Subject: =?utf-8?Q?=00=1B=0D=0A?=",
    "Subject:",
    "Auto-Submitted: auto-replied",
    "X-Failed-Recipients: a@b.example, c@d.example",
    "X-Failed-Recipients: =?utf-8?Q?a=40b.example?=",
    "Precedence: bulk",
    "List-Id: <a.b.example>",
    "Message-ID: <a@b.example>",
    "Message-ID: <\u0007>",
    "Received: from a by b for <a@b.example>; x",
    "Final-Recipient: rfc822; a@b.example",
    "Final-Recipient: rfc822;\"a\u0001\"@b.example",
    "Original-Recipient: rfc822;c@d.example",
    "Action: failed",
    "Action: delayed",
    "Action: delivered",
    "Action: complained",
    "Status: 5.1.1",
    "Status: 5.999.9999",
    "Status: 4",
    "Diagnostic-Code: smtp; 550 5.1.1 user unknown",
    "Diagnostic-Code: \u001b[31m550",
    "Reporting-MTA: dns; mx.b.example",
    "Remote-MTA: dns; \u0002",
    "Feedback-Type: abuse",
    "Feedback-Type: auth-failure",
    "Original-Rcpt-To: a@b.example",
    "Reported-Domain: b.example",
    "Original-Mail-From: <c@d.example>",
    "Disposition: automatic-action/MDN-sent; failed",
    "Content-Disposition: attachment; filename*0*=a; filename*999999999*=b",
    "MIME-Version: 1.0",
    " folded",
    "\tfolded",
    ":",
    "a",
    "X-\u00e9: 1",
    "X-Autoreply: yes",
    "Arrival-Date: never"
  };
  private static final String[] WORDS = {
    "could not be delivered",
    "<a@b.example>: user unknown",
    "a@b.example",
    "  c@d.example",
    "550 5.1.1 no such user (in reply to RCPT TO command)",
    ">>> RCPT TO:<a@b.example>",
    "<<< 550 no",
    "--- Below this line is a copy of the message.",
    "will be retried",
    "I am out of the office until Monday.",
    "The mailbox is full.",
    "\u001b$B%a!<%k\u001b(B",
    "{\"notificationType\":\"Bounce\",\"bounce\":{\"bouncedRecipients\":[{\"emailAddress\":",
    "\"a@b.example\"}]}}",
    "{\"Message\":\"{\\\"notificationType\\\":\\\"Complaint\\\"}\"}",
    "\\ud800\\u0000",
    "<html><p>could not<br>be delivered",
    "&#64;&#0;&#x1b;&#xd800;",
    "<!--",
    "<style>",
    "=?utf-8?Q?=41?=",
    "=3D=0A=",
    "PT09",
    "begin 644 a",
    "\u0000\u0001\u007f\u0080\u009b",
    "\u00e2\u0080\u00ae",
    "\u00ed\u00a0\u0080",
    "\"a b\"@c.example",
    "a@[192.0.2.1]",
    "a@[",
    "@",
    "..",
    "Final-Recipient: rfc822; a@b.example",
    "Hi. This is the qmail-send program",
    "From: a",
    "marked your message as spam",
    "Original message:",
    "Recipient address: user"
  };

  private final Random random;
  private final List<byte[]> mails;

  BrokenMime(long seed, List<byte[]> mails) {
    this.random = new Random(seed);
    this.mails = mails;
  }

  /** The next mail; anything from nothing to some hundred thousand bytes. */
  byte[] next() {
    byte[] mail =
        switch (random.nextInt(6)) {
          case 0 -> composed();
          case 1 -> spliced(any(), any());
          case 2 -> spliced(composed(), any());
          default -> any().clone();
        };
    for (int times = random.nextInt(8); times > 0; times--) {
      mail = damaged(mail);
    }
    return mail.length > BYTES_MAX ? java.util.Arrays.copyOf(mail, BYTES_MAX) : mail;
  }

  private byte[] any() {
    return mails.get(random.nextInt(mails.size()));
  }

  private byte[] spliced(byte[] some, byte[] other) {
    int end = random.nextInt(some.length + 1);
    int start = random.nextInt(other.length + 1);
    return bytes(text(some).substring(0, end) + text(other).substring(start));
  }

  private byte[] damaged(byte[] mail) {
    String text = text(mail);
    int at = random.nextInt(text.length() + 1);
    int line = text.lastIndexOf('\n', Math.max(0, at - 1)) + 1;
    int end = text.indexOf('\n', at);
    end = end < 0 ? text.length() : end + 1;
    line = Math.min(line, end);
    String before = text.substring(0, at);
    String after = text.substring(at);
    return bytes(
        switch (random.nextInt(16)) {
          case 0 ->
              before + (char) random.nextInt(256) + (after.isEmpty() ? "" : after.substring(1));
          case 1 -> before;
          case 2 -> after;
          case 3 -> before + "\r\n:;<>@\"=-\u0000 ?*()&".charAt(random.nextInt(17)) + after;
          case 4 -> text.substring(0, line) + text.substring(end);
          case 5 ->
              text.substring(0, end)
                  + text.substring(line, end).repeat(random.nextInt(9))
                  + text.substring(end);
          case 6 -> text.substring(0, line) + one(FIELDS) + "\n" + text.substring(line);
          case 7 -> text.substring(0, line) + one(WORDS) + "\n" + text.substring(line);
          case 8 ->
              text.substring(0, line) + "Content-Type: " + type() + "\n" + text.substring(line);
          case 9 ->
              text.substring(0, line)
                  + "Content-Transfer-Encoding: "
                  + one(ENCODINGS)
                  + "\n"
                  + text.substring(line);
          case 10 -> text.replace("charset=utf-8", "charset=" + one(CHARSETS));
          case 11 -> text.replace("\n", random.nextBoolean() ? "\r" : "\r\n");
          case 12 -> before + slice(text) + after;
          case 13 -> before + many(text) + after;
          case 14 -> text.replace(slice(text), one(WORDS));
          default -> "Content-Type: message/rfc822\n\n" + text;
        });
  }

  private String slice(String text) {
    int start = random.nextInt(text.length() + 1);
    return text.substring(start, Math.min(text.length(), start + 1 + random.nextInt(200)));
  }

  /** Now and then enough of one thing to meet what grows faster than the mail. */
  private String many(String text) {
    if (random.nextInt(12) > 0) {
      return one(WORDS);
    }
    String unit =
        switch (random.nextInt(4)) {
          case 0 -> one(WORDS) + (random.nextBoolean() ? "\n" : " ");
          case 1 -> one(FIELDS) + "\n";
          case 2 -> slice(text);
          default -> slice(text).strip() + "\n";
        };
    return unit.isEmpty() ? "" : unit.repeat(1 + random.nextInt(BYTES_MAX / unit.length()));
  }

  private byte[] composed() {
    StringBuilder mail = new StringBuilder();
    part(mail, 0);
    return bytes(mail.toString());
  }

  private void part(StringBuilder mail, int depth) {
    String end = random.nextInt(5) == 0 ? "\r\n" : "\n";
    for (int i = random.nextInt(5); i > 0; i--) {
      mail.append(one(FIELDS)).append(end);
    }
    String boundary = one(BOUNDARIES);
    boolean multipart = depth < NEST_MAX && random.nextInt(3) > 0;
    mail.append("Content-Type: ").append(type());
    if (multipart) {
      mail.append("; boundary=\"").append(boundary).append('"');
    }
    mail.append(end);
    if (random.nextInt(4) == 0) {
      mail.append("Content-Transfer-Encoding: ").append(one(ENCODINGS)).append(end);
    }
    mail.append(end);
    lines(mail, end);
    for (int i = multipart ? random.nextInt(4) : 0; i > 0; i--) {
      mail.append("--").append(boundary).append(end);
      part(mail, depth + 1);
    }
    if (multipart && random.nextBoolean()) {
      mail.append("--").append(boundary).append("--").append(end);
    }
  }

  private void lines(StringBuilder mail, String end) {
    for (int i = random.nextInt(8); i > 0; i--) {
      mail.append(random.nextInt(3) == 0 ? one(FIELDS) : one(WORDS)).append(end);
      mail.append(random.nextInt(4) == 0 ? end : "");
    }
  }

  private String type() {
    String type = one(TYPES);
    return switch (random.nextInt(4)) {
      case 0 -> type + "; charset=" + one(CHARSETS);
      case 1 -> type + "; boundary=" + one(BOUNDARIES);
      case 2 -> type + "; name*" + random.nextInt() + "*=''a; charset=\"" + one(CHARSETS) + "\"";
      default -> type;
    };
  }

  private String one(String[] some) {
    return some[random.nextInt(some.length)];
  }

  private static String text(byte[] mail) {
    return new String(mail, ISO_8859_1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
