package dev.retour.messages;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a mail as octets (RFC 5322, RFC 2045 to 2047): text and HTML as alternatives, and a file
 * beside them. Written by hand because the shape is fixed and a general mail object costs ten times
 * as much; the encodings are the libraries'.
 */
final class MimeComposer {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
  private static final Base64.Encoder BASE64 =
      Base64.getMimeEncoder(76, "\r\n".getBytes(StandardCharsets.US_ASCII));

  private final ByteArrayOutputStream out = new ByteArrayOutputStream(32_768);
  private final String boundary;

  private MimeComposer(String messageId) {
    this.boundary = boundary(messageId);
  }

  /** The parts of a mail that templates fill. */
  record Content(String subject, Map<String, String> headers, String html, String text) {}

  /** The fields that do not depend on templates. */
  record Frame(
      EventDefinition.Sender sender,
      String recipient,
      List<String> cc,
      String messageId,
      Instant date,
      String feedbackId) {}

  static byte[] compose(Frame frame, Content content, @Nullable Attachment attachment) {
    MimeComposer composer = new MimeComposer(frame.messageId());
    composer.header(frame, content);
    if (attachment == null) {
      composer.alternative(content);
    } else {
      composer.mixed(content, attachment);
    }
    return composer.out.toByteArray();
  }

  private void header(Frame frame, Content content) {
    EventDefinition.Sender sender = frame.sender();
    write(HeaderField.address("From", sender.name(), sender.address()));
    write(HeaderField.raw("To", frame.recipient()));
    if (!frame.cc().isEmpty()) {
      write(HeaderField.raw("Cc", String.join(", ", frame.cc())));
    }
    if (!sender.replyTo().isEmpty()) {
      write(HeaderField.raw("Reply-To", sender.replyTo()));
    }
    write(HeaderField.unstructured("Subject", content.subject()));
    write("Date: " + DATE.format(frame.date()) + "\r\n");
    write("Message-ID: " + frame.messageId() + "\r\n");
    // RFC 3834: what a machine wrote says so, and nobody's absence assistant answers it.
    write("Auto-Submitted: auto-generated\r\n");
    write("X-Auto-Response-Suppress: All\r\n");
    write(HeaderField.raw("Feedback-ID", frame.feedbackId()));
    content.headers().forEach((name, value) -> write(HeaderField.unstructured(name, value)));
    write("MIME-Version: 1.0\r\n");
  }

  private void mixed(Content content, Attachment attachment) {
    String outer = boundary + "_m";
    write("Content-Type: multipart/mixed; boundary=\"" + outer + "\"\r\n\r\n");
    write("--" + outer + "\r\n");
    alternative(content);
    write("\r\n--" + outer + "\r\n");
    write("Content-Type: " + attachment.contentType() + "\r\n");
    write(HeaderField.attachment(attachment.fileName()));
    write("Content-Transfer-Encoding: base64\r\n\r\n");
    out.writeBytes(BASE64.encode(attachment.bytes()));
    write("\r\n--" + outer + "--\r\n");
  }

  private void alternative(Content content) {
    String inner = boundary + "_a";
    write("Content-Type: multipart/alternative; boundary=\"" + inner + "\"\r\n\r\n");
    part(inner, "text/plain", content.text());
    part(inner, "text/html", content.html());
    write("--" + inner + "--\r\n");
  }

  private void part(String inner, String contentType, String text) {
    write("--" + inner + "\r\n");
    write("Content-Type: " + contentType + "; charset=utf-8\r\n");
    write("Content-Transfer-Encoding: quoted-printable\r\n\r\n");
    QuotedPrintable.write(text, out);
  }

  private void write(String ascii) {
    out.writeBytes(ascii.getBytes(StandardCharsets.US_ASCII));
  }

  /** Neither quoted-printable nor base64 can contain "=_", so no content can close a part. */
  private static String boundary(String messageId) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(messageId.getBytes(StandardCharsets.US_ASCII));
      return "=_" + HexFormat.of().formatHex(Arrays.copyOf(hash, 12));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256.", e);
    }
  }
}
