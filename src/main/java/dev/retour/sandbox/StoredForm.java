package dev.retour.sandbox;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The form in which a mail is handed to GreenMail, which reads the whole MIME structure of whatever
 * it stores: seconds on nested bombs, an exception on some broken headers. Such a mail is announced
 * as one plain text; its bytes stay what they are.
 */
final class StoredForm {
  private static final int TAME_BYTES_MAX = 1_000_000;
  private static final int TAME_PARTS_MAX = 20;

  private StoredForm() {}

  /**
   * Makes GreenMail keep 8-bit header bytes in APPEND: it reads through the JVM's default session,
   * whose properties are those of whoever asks first.
   */
  static void keepHeaderBytes() {
    Properties properties = new Properties();
    properties.setProperty("mail.mime.allowutf8", "false");
    Session unused = Session.getDefaultInstance(properties);
  }

  static byte[] bytes(MimeMessage message) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      message.writeTo(bytes);
    } catch (MessagingException e) {
      throw new IOException("A mail of the sandbox cannot be written.", e);
    }
    return bytes.toByteArray();
  }

  /** With its structure where reading that is harmless. */
  static MimeMessage structured(byte[] raw) throws MessagingException {
    return isTame(raw)
        ? new MimeMessage(null, new ByteArrayInputStream(raw))
        : new OpaqueMessage(raw);
  }

  /** Announced as plain text. */
  static MimeMessage opaque(byte[] raw) throws MessagingException {
    return new OpaqueMessage(raw);
  }

  private static boolean isTame(byte[] raw) {
    if (raw.length > TAME_BYTES_MAX) {
      return false;
    }
    String text = new String(raw, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    int parts = 0;
    int found = text.indexOf("content-type");
    while (found >= 0 && parts <= TAME_PARTS_MAX) {
      parts++;
      found = text.indexOf("content-type", found + 1);
    }
    return parts <= TAME_PARTS_MAX;
  }

  private static final class OpaqueMessage extends MimeMessage {
    OpaqueMessage(byte[] raw) throws MessagingException {
      super(null, new ByteArrayInputStream(raw));
    }

    @Override
    public String getContentType() {
      return "text/plain";
    }

    @Override
    public String @Nullable [] getHeader(String name) throws MessagingException {
      return name.equalsIgnoreCase("Content-Disposition") ? null : super.getHeader(name);
    }
  }
}
