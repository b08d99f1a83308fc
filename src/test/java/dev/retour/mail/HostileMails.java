package dev.retour.mail;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;

/** Mails made to exhaust or confuse whoever reads them, each under the name of its trick. */
final class HostileMails {
  /** As large as the largest that took another reader seconds. */
  static final int LARGE = 1_800_000;

  static final String DAEMON = "From: <>\nSubject: Undelivered Mail Returned to Sender\n";
  private static final String HTML = DAEMON + "Content-Type: text/html\n\n";
  static final String NOTICE = DAEMON + "\nThis message could not be delivered.\n\n";
  static final String REPORT = DAEMON + "Content-Type: multipart/report; boundary=b\n\n--b\n\n";
  static final String STATUS = "\n--b\nContent-Type: message/delivery-status\n\n";
  static final String GROUP = "Final-Recipient: rfc822; a%d@b.example\nAction: failed\n";

  private final Map<String, byte[]> mails = new LinkedHashMap<>();

  private HostileMails() {}

  /** Every mail by name. */
  static Map<String, byte[]> all() {
    HostileMails hostile = new HostileMails();
    hostile.smallStructures();
    hostile.smallHeaders();
    hostile.structures();
    hostile.headers();
    hostile.markup();
    hostile.encodings();
    HostileReports.addTo(hostile.mails);
    return hostile.mails;
  }

  private void add(String name, String mail) {
    add(mails, name, mail);
  }

  static void add(Map<String, byte[]> mails, String name, String mail) {
    if (mails.put(name, mail.getBytes(ISO_8859_1)) != null) {
      throw new IllegalStateException("Two hostile mails are named " + name + ".");
    }
  }

  /** Repeats until the mail is large. */
  static String fill(String unit) {
    return unit.repeat(LARGE / unit.length());
  }

  static String fill(IntFunction<String> unit) {
    StringBuilder text = new StringBuilder(LARGE + 1_000);
    for (int i = 0; text.length() < LARGE; i++) {
      text.append(unit.apply(i));
    }
    return text.toString();
  }

  static String times(int times, IntFunction<String> unit) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < times; i++) {
      text.append(unit.apply(i));
    }
    return text.toString();
  }

  private void smallStructures() {
    String mixed = "Content-Type: multipart/mixed; boundary=";
    add("small: empty boundary", mixed + "\"\"\n\n--\n\nx\n----\n");
    add("small: blank boundary", mixed + "\"   \"\n\n--   \n\nx\n--   --\n");
    add("small: boundary of dashes", mixed + "\"----\"\n\n------\n\nx\n--------\n--------\n");
    add("small: boundary opens its inner one", nest("b", "bb", "bbb"));
    add("small: inner boundary is the outer one", nest("b", "b", "b"));
    add("small: inner boundary is shorter", nest("bbb", "bb", "b"));
    add("small: boundary given twice", mixed + "a; boundary=b\n\n--a\n\nx\n--b\n\ny\n--a--\n--b--");
    add("small: boundary holds a line end", mixed + "\"a\n b\"\n\n--a\n b\n\nx\n--a b--\n");
    add("small: boundary never used", mixed + "zz\n\nx\n");
    add("small: only an end", mixed + "b\n\n--b--\n--b--\n--b--\n");
    add("small: only beginnings", mixed + "b\n\n--b\n--b\n--b\n--b\n--b\n--b");
    add(
        "small: message in base64",
        "Content-Type: message/rfc822\n" + base64() + "U3ViamVjdDogYQo=");
    add("small: multipart in base64", mixed + "b\n" + base64() + "LS1iCgp4Ci0tYi0t");
    add("small: partial", "Content-Type: message/partial; id=a; number=1; total=999999999\n\nx");
    add("small: status without fields", "Content-Type: message/delivery-status\n\n\n\n\n\n");
    add("small: report without parts", "Content-Type: multipart/report; boundary=b\n\n--b--\n");
    add("small: uuencode without end", "Content-Transfer-Encoding: uuencode\n\nbegin 644 a\nM");
    add("signs of quoting without end", REPORT + STATUS + ">".repeat(LARGE) + "\n--b--\n");
    add("small: mail in mail in mail", "Content-Type: message/rfc822\n\n".repeat(4) + "x");
  }

  private static String base64() {
    return "Content-Transfer-Encoding: base64\n\n";
  }

  private static String nest(String... boundaries) {
    StringBuilder mail = new StringBuilder();
    for (String boundary : boundaries) {
      mail.append("Content-Type: multipart/mixed; boundary=").append(boundary).append("\n\n--");
      mail.append(boundary).append('\n');
    }
    mail.append("\nx\n");
    for (String boundary : boundaries) {
      mail.append("--").append(boundary).append("--\n");
    }
    return mail.toString();
  }

  private void smallHeaders() {
    String plain = "Content-Type: text/plain; ";
    add(
        "small: continuation far away",
        plain + "name*999999999*=x; charset*2147483648*=utf-8\n\nx");
    add("small: continuation backwards", plain + "name*-1*=x; name*3=c; name*1=a; name*1=b\n\nx");
    add("small: continuations of nothing", plain + "*=x; *0=y; *0*=; **=z; *'*'*=; a*=''; =\n\nx");
    add(
        "small: boundary in continuations",
        "Content-Type: multipart/a; boundary*9999999=b\n\n--b\n");
    add(
        "small: parameter in parameter",
        plain + "a=\"b=\\\"c=\\\\\\\"d=\\\\\\\\\\\"\\\"\"; charset\n\nx");
    add("small: quote without end", plain + "charset=\"utf-8; name=\"a\n \"b\n \"c\n\nx");
    add("small: comment without end", "Content-Type: text/((((((((((plain; charset=((((\n\nx");
    add("small: charset is an encoded word", plain + "charset==?utf-8?Q?=3D=3Futf-8=3F?=\n\nx");
    for (String charset :
        new String[] {
          "utf-7",
          "utf-16",
          "utf-32",
          "iso-2022-cn",
          "x-jisautodetect",
          "x-compound_text",
          "ibm037",
          "cesu-8",
          "unicode",
          "../../x",
          "",
          "\\",
          "x-unknown",
          "utf-8\u0000",
          "hz-gb-2312"
        }) {
      add(
          "small: charset " + charset,
          plain + "charset=\"" + charset + "\"\n\n\u00fe\u00ff\u001b$)A~{");
    }
    String word = "=?utf-8?Q?=3D=3Futf-8=3FQ=3Fa=3F=3D?=";
    add(
        "small: word in word",
        "Subject: =?utf-8?Q?" + word + "?= =?utf-8?B?PT91dGYtOD9RP2E/PQ==?=\n\n");
    add("small: word without end", "Subject: =?utf-8?B?====?==?utf-8?Q?=?==?=?=?=??==?a?b?c\n\nx");
    add("small: word with long charset", "Subject: =?" + "x".repeat(80) + "?Q?a?= =?*?Q?b?=\n\nx");
    add("small: only colons", ":".repeat(132));
    add("small: only blank lines", "\r\n".repeat(66));
    add("small: only zeros", "\u0000".repeat(132));
    add("small: only a mailbox line", "From ".repeat(26));
    add("small: folds before any field", " a\n\tb\n c\n: d\n\n");
    add("small: address without end", "From: <<<<\"\"@\"@<a@@b.c>>>>@[1.2.3.4\nTo: @,@;@:\"\n\nx");
    add(
        "small: controls in the address",
        "From: a\u0007\u0000b@c.example\nSubject: \u001b[2J\u0008\n\nx");
    add("small: address literal of words", NOTICE + "a@[Subject: x <c@d.example> a@[192.0.2.1]\n");
    add(
        "small: bracket in another script",
        "From: a@\u00ef\u00bc\u00bb92.\u00e2\u0091\u00b4.example\n\nx");
    add("small: a name of dots", "From: a@b.example\n" + NOTICE + "recipient\n.0\n");
    add(
        "small: control in a host",
        NOTICE + "\nFinal-Recipient: rfc822; a@b.c\nRemote-MTA: dns; m\u0095x.b.c\n");
    add("small: message id without end", "Message-ID: <<<>><\n\nx");
  }

  private void structures() {
    String mixed = "Content-Type: multipart/mixed; boundary=";
    add("one line", DAEMON + "\n" + fill("a"));
    add("one header line", "X: " + fill("a"));
    add("empty boundary", mixed + "\"\"\n\n" + fill("--\n"));
    add("empty parts", mixed + "b\n\n" + fill("--b\n\n"));
    add("parts with a word", mixed + "b\n\n" + fill("--b\nContent-Type: text/plain\n\nfailed\n"));
    add("parts of one byte in base64", mixed + "b\n\n" + fill("--b\n" + base64() + "YQ==\n"));
    add("almost boundaries", mixed + "b\n\n--b\n\n" + fill("\n--a"));
    add("dashes", mixed + "\"" + "-".repeat(70) + "\"\n\n" + fill("-"));
    add("multiparts in each other", times(20_000, i -> mixed + "b" + i + "\n\n--b" + i + "\n"));
    add("multiparts of one boundary", fill(mixed + "b\n\n--b\n"));
    add("mails in each other", fill("Content-Type: message/rfc822\n\n"));
    add(
        "alternatives",
        DAEMON
            + "Content-Type: multipart/alternative; boundary=b\n\n"
            + fill("--b\nContent-Type: text/html\n\n<p>could not be delivered</p>\n"));
    add(
        "enclosed mails",
        REPORT + fill("\n--b\nContent-Type: message/rfc822\n\nTo: a@b.example\n\nx"));
    add("boundary in use unknown", mixed + "none\n\n" + fill(i -> "--boundary" + i + "\nx\n"));
    add("blank lines", DAEMON + "\n" + fill("\n"));
    add("carriage returns", DAEMON.replace('\n', '\r') + "\r" + fill("a\r"));
  }

  private void headers() {
    add("fields", fill("X-A: 1\n"));
    add("fields of one name", fill("To: a@b.example\n") + "\nx");
    add("fields with many names", fill(i -> "X-" + i + ": 1\n") + "\nx");
    add("failed recipients", fill(i -> "X-Failed-Recipients: a" + i + "@b.example\n") + "\nx");
    add("lines that are no fields", fill("abc\n"));
    add("fields without a name", fill(":\n"));
    add("folds", "Subject: a\n" + fill(" a\n") + "\nx");
    add("addresses", "To: " + fill(i -> "a" + i + "@b.example, ") + "\n\nx");
    add(
        "the last address again and again",
        "To: "
            + times(499, i -> "a" + i + "@b.example, ")
            + "\n"
            + fill("Cc: " + "a498@b.example, ".repeat(400) + "\n")
            + "\nx");
    add("at signs", "To: " + fill("@") + "\n\nx");
    add("quoted at signs", "To: " + fill("\"@") + "\n\nx");
    add("quotes", "To: " + fill("\"") + "@b.example\n\nx");
    add("address literals without end", "To: " + fill("a@[") + "\n\n" + fill("a@["));
    add("beginnings of encoded words", "Subject: " + fill("=?"));
    add("encoded words", "Subject: " + fill("=?utf-8?B?YQ==?= ") + "\n\n");
    add("encoded words of one letter", fill("Subject: =?a?Q?a?=\n") + "\nx");
    add("encoded words without end", "Subject: " + fill("=?utf-8?B?") + "\n\n");
    add("parameters", "Content-Type: text/plain; " + fill("a=b; ") + "\n\nx");
    add(
        "continued parameters",
        "Content-Type: text/plain" + fill(i -> "; name*" + i + "*=a") + "\n\nx");
    add("open comments", "Content-Type: text/plain " + fill("(") + "\n\nx");
    add("semicolons", "Content-Type: text/plain" + fill(";") + "\n\nx");
    add("backslashes", "Content-Type: text/plain; charset=\"" + fill("\\") + "\n\nx");
    add("slashes", "Content-Type: " + fill("multipart/") + "\n\nx");
    add("content types", fill("Content-Type: multipart/mixed; boundary=b\n") + "\n--b\n\nx\n--b--");
    add("long charset", "Content-Type: text/plain; charset=\"" + fill("x") + "\"\n\nx");
    add("received lines", NOTICE + fill("Received: from a by b for <a@b.example>; x\n"));
  }

  private void markup() {
    add("deep elements", HTML + fill("<div>"));
    add("one address on one page", HTML + "<p>could not be delivered " + fill("a@b.example\n"));
    add("open tags", HTML + fill("<"));
    add("attributes", HTML + "<p" + fill(" a=\"<\"") + ">");
    add("entities", HTML + fill("&"));
    add("entities of entities", HTML + fill("&amp;amp;"));
    add("numeric entities", HTML + fill("&#64;"));
    add("numbers without end", HTML + "&#" + fill("9") + ";");
    add("styles", HTML + fill("<style>"));
    add("styles that never end", HTML + fill("<style></styl"));
    add("styles with ends of others", HTML + "<style>" + fill("</a>"));
    add("comments", HTML + fill("<!--"));
    add("empty comments", HTML + fill("<!---->"));
    add(
        "blocks with an address",
        HTML + fill(i -> "<p>a" + i + "@b.example<br>could not be delivered"));
  }

  private void encodings() {
    add("padding", base64() + fill("="));
    add("base64 in one line", DAEMON + base64() + fill("YWFh"));
    add("soft line ends", "Content-Transfer-Encoding: quoted-printable\n\n" + fill("="));
    add("quoted blanks", "Content-Transfer-Encoding: quoted-printable\n\n" + fill(" "));
    add("carriage returns within base64", DAEMON + base64() + fill("DQ0N"));
    add("line feeds within base64", DAEMON + base64() + fill("CgoK"));
    add(
        "regular quoted-printable",
        DAEMON + "Content-Transfer-Encoding: quoted-printable\n\n" + fill("a=20=\nb \n"));
    add("uuencode", "Content-Transfer-Encoding: x-uuencode\n\nbegin 644 a\n" + fill("M"));
    for (String charset :
        new String[] {"utf-7", "iso-2022-jp", "gb18030", "x-jisautodetect", "utf-16"}) {
      add(
          "text in " + charset,
          DAEMON
              + "Content-Type: text/plain; charset="
              + charset
              + "\n\n"
              + fill("\u001b$B%\u0080"));
    }
    add("charsets without end", fill(i -> "Subject: =?x-" + i + "?Q?a?=\n") + "\nx");
    add(
        "encoded words in charsets without end",
        "Subject: " + times(600, i -> "=?x" + i + "?Q?a?= ") + "\n\nx");
    add("zeros", DAEMON + "\n" + fill("\u0000"));
    add("escapes", DAEMON + "\n" + fill("\u001b$B"));
    add("invalid bytes", DAEMON + "\n" + fill("\u00ff\u00c3"));
    add("composed letters", DAEMON + "\n" + fill("a\u00cc\u0081@b.example "));
  }
}
