package dev.retour.mail;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The header of a mail of our own, as far as signing looks at it. */
final class SignedHeader {
  private static final String DKIM = "dkim-signature:";

  private final List<String> fields;
  private final byte[] rest;

  /**
   * @param fields each with its folded lines and line ends
   * @param rest from the empty line on
   */
  private SignedHeader(List<String> fields, byte[] rest) {
    this.fields = fields;
    this.rest = rest;
  }

  static SignedHeader of(byte[] raw) {
    int end = end(raw);
    List<String> fields = new ArrayList<>();
    for (String line :
        new String(raw, 0, end, StandardCharsets.ISO_8859_1).split("(?<=\r\n)", -1)) {
      boolean folded = line.startsWith(" ") || line.startsWith("\t");
      if (folded && !fields.isEmpty()) {
        int last = fields.size() - 1;
        fields.set(last, fields.get(last) + line);
      } else if (!line.isEmpty()) {
        fields.add(line);
      }
    }
    byte[] rest = new byte[raw.length - end];
    System.arraycopy(raw, end, rest, 0, rest.length);
    return new SignedHeader(fields, rest);
  }

  /** Whether the body carries an S/MIME signature or is wrapped in one (RFC 8551). */
  static boolean isSmime(byte[] raw) {
    String type = of(raw).value("content-type:").toLowerCase(Locale.ROOT);
    return type.startsWith("multipart/signed") || type.contains("pkcs7-mime");
  }

  boolean hasDkim() {
    return fields.stream().anyMatch(SignedHeader::isDkim);
  }

  Optional<EmailAddress> from() {
    return EmailAddress.parse(value("from:"));
  }

  byte[] withoutDkim() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(rest.length + 4_096);
    fields.stream()
        .filter(field -> !isDkim(field))
        .forEach(field -> out.writeBytes(field.getBytes(StandardCharsets.ISO_8859_1)));
    out.writeBytes(rest);
    return out.toByteArray();
  }

  private String value(String name) {
    return fields.stream()
        .filter(field -> field.toLowerCase(Locale.ROOT).startsWith(name))
        .map(field -> field.substring(name.length()).replace("\r\n", "").strip())
        .findFirst()
        .orElse("");
  }

  private static boolean isDkim(String field) {
    return field.toLowerCase(Locale.ROOT).startsWith(DKIM);
  }

  /** Where the empty line begins; the length when there is none. */
  private static int end(byte[] raw) {
    for (int i = 0; i + 3 < raw.length; i++) {
      if (raw[i] == '\r' && raw[i + 1] == '\n' && raw[i + 2] == '\r' && raw[i + 3] == '\n') {
        return i + 2;
      }
    }
    return raw.length;
  }
}
