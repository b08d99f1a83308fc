package dev.retour.messages;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a mail as octets (RFC 5322, RFC 2045 to 2047): text and HTML as alternatives, and files
 * beside them. Written by hand because the shape is fixed and a general mail object costs ten times
 * as much; the encodings are the libraries'.
 */
final class MimeComposer {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
  private static final Base64.Encoder BASE64 =
      Base64.getMimeEncoder(76, "\r\n".getBytes(StandardCharsets.US_ASCII));

  private static final ThreadLocal<Octets> OWN = ThreadLocal.withInitial(Octets::new);

  private final Octets out;
  private final String boundary;

  private MimeComposer(Octets out, String messageId) {
    this.out = out;
    this.boundary = boundary(messageId);
  }

  /** The parts of a mail that templates fill. */
  record Content(
      String subject, Map<String, String> headers, Part html, Part text, List<byte[]> images) {}

  /** What writes one part in quoted-printable. */
  @FunctionalInterface
  interface Part {
    void writeTo(Octets out);
  }

  /** The fields that are the same in every mail of a message, folded, with their line ends. */
  record Fixed(String from, String replyTo, String machine) {
    static Fixed of(EventDefinition.Sender sender, String feedbackId) {
      return new Fixed(
          HeaderField.address("From", sender.name(), sender.address()),
          sender.replyTo().isEmpty() ? "" : HeaderField.raw("Reply-To", sender.replyTo()),
          // RFC 3834: what a machine wrote says so, and nobody's absence assistant answers it.
          "Auto-Submitted: auto-generated\r\n"
              + "X-Auto-Response-Suppress: All\r\n"
              + HeaderField.raw("Feedback-ID", feedbackId));
    }
  }

  /** The fields that do not depend on templates. */
  record Frame(
      Fixed fixed,
      String recipient,
      List<String> cc,
      String messageId,
      Instant date,
      @Nullable String unsubscribe) {}

  static byte[] compose(Frame frame, Content content, List<Attachment> files) {
    Octets out = OWN.get();
    try {
      MimeComposer composer = new MimeComposer(out, frame.messageId());
      composer.header(frame, content);
      if (files.isEmpty()) {
        composer.alternative(content);
      } else {
        composer.mixed(content, files);
      }
      return out.copy();
    } finally {
      out.clear(); // the next mail of this thread may be long in coming
    }
  }

  private void header(Frame frame, Content content) {
    write(frame.fixed().from());
    write(HeaderField.raw("To", frame.recipient()));
    if (!frame.cc().isEmpty()) {
      write(HeaderField.raw("Cc", String.join(", ", frame.cc())));
    }
    write(frame.fixed().replyTo());
    write(HeaderField.unstructured("Subject", content.subject()));
    write("Date: " + DATE.format(frame.date()) + "\r\n");
    write("Message-ID: " + frame.messageId() + "\r\n");
    write(frame.fixed().machine());
    if (frame.unsubscribe() != null) { // RFC 8058 section 3.1
      write("List-Unsubscribe: <" + frame.unsubscribe() + ">\r\n");
      write("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
    }
    content.headers().forEach((name, value) -> write(HeaderField.unstructured(name, value)));
    write("MIME-Version: 1.0\r\n");
  }

  private void mixed(Content content, List<Attachment> files) {
    String outer = boundary + "_m";
    write("Content-Type: multipart/mixed; boundary=\"" + outer + "\"\r\n\r\n");
    write("--" + outer + "\r\n");
    alternative(content);
    for (Attachment file : files) {
      write("\r\n--" + outer + "\r\n");
      write("Content-Type: " + file.contentType() + "\r\n");
      write(HeaderField.attachment(file.fileName()));
      write("Content-Transfer-Encoding: base64\r\n\r\n");
      out.add(BASE64.encode(file.bytes()));
    }
    write("\r\n--" + outer + "--\r\n");
  }

  private void alternative(Content content) {
    String inner = boundary + "_a";
    write("Content-Type: multipart/alternative; boundary=\"" + inner + "\"\r\n\r\n");
    part(inner, "text/plain", content.text());
    if (content.images().isEmpty()) {
      part(inner, "text/html", content.html());
    } else {
      write("--" + inner + "\r\n");
      related(content);
    }
    write("--" + inner + "--\r\n");
  }

  /** The HTML with the images it shows (RFC 2387). */
  private void related(Content content) {
    String page = boundary + "_r";
    write("Content-Type: multipart/related; type=\"text/html\"; boundary=\"" + page + "\"\r\n\r\n");
    part(page, "text/html", content.html());
    for (byte[] image : content.images()) {
      write("--" + page + "\r\n");
      out.add(image);
    }
    write("--" + page + "--\r\n");
  }

  private void part(String inner, String contentType, Part part) {
    write("--" + inner + "\r\n");
    write("Content-Type: " + contentType + "; charset=utf-8\r\n");
    write("Content-Transfer-Encoding: quoted-printable\r\n\r\n");
    part.writeTo(out);
  }

  private void write(String ascii) {
    out.add(ascii);
  }

  /** Neither quoted-printable nor base64 can contain "=_", so no content can close a part. */
  private static String boundary(String messageId) {
    return "=_" + Sha256.hex(messageId.getBytes(StandardCharsets.US_ASCII), 12);
  }
}
