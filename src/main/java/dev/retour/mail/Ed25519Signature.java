package dev.retour.mail;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A DKIM signature by Ed25519 (RFC 8463): what RFC 6376 would have signed by RSA is hashed, and the
 * hash is signed (PureEdDSA, RFC 8032). Canonicalization is relaxed for header and body.
 */
final class Ed25519Signature {
  private static final int CHARS_PER_LINE = 72;

  /** What is signed when it is there; From is signed once more, so that none can be added. */
  private static final Set<String> SIGNED =
      Set.of(
          "from",
          "reply-to",
          "to",
          "cc",
          "subject",
          "date",
          "message-id",
          "in-reply-to",
          "references",
          "auto-submitted",
          "feedback-id",
          "list-id",
          "list-unsubscribe",
          "list-unsubscribe-post",
          "mime-version",
          "content-type",
          "content-transfer-encoding");

  private Ed25519Signature() {}

  /**
   * The whole field, folded, without its line end.
   *
   * @param raw 7 bits, lines ended by CRLF
   */
  static String field(byte[] raw, DkimKey key) {
    String mail = new String(raw, StandardCharsets.ISO_8859_1);
    int end = mail.indexOf("\r\n\r\n");
    List<String> fields = fields(end < 0 ? mail : mail.substring(0, end + 2));
    byte[] body =
        mail.substring(end < 0 ? mail.length() : end + 4).getBytes(StandardCharsets.ISO_8859_1);
    List<String> names = new ArrayList<>();
    fields.stream().map(Ed25519Signature::name).filter(SIGNED::contains).forEach(names::add);
    names.add("from");
    String unsigned =
        "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed; d="
            + key.domain()
            + ";\r\n s="
            + key.selector()
            + ";\r\n h="
            + String.join(":\r\n  ", names)
            + ";\r\n bh="
            + base64(sha256(relaxedBody(body)))
            + ";\r\n b=";
    String signature = base64(sign(headerInput(fields, names, unsigned), key.key()));
    StringBuilder folded = new StringBuilder(unsigned);
    for (int at = 0; at < signature.length(); at += CHARS_PER_LINE) {
      folded
          .append(at == 0 ? "" : "\r\n  ")
          .append(signature, at, Math.min(at + CHARS_PER_LINE, signature.length()));
    }
    return folded.toString();
  }

  /** The signature of what RFC 6376 section 3.7 hashes: Ed25519 over the SHA-256 of it. */
  static byte[] sign(byte[] headerInput, PrivateKey key) {
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(key);
      signature.update(sha256(headerInput));
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java knows Ed25519.", e);
    }
  }

  /**
   * RFC 6376 section 3.7: the fields named, each next one of a name from below, then our own.
   *
   * @param names a name with no field left stands for nothing
   */
  static byte[] headerInput(List<String> fields, List<String> names, String unsigned) {
    StringBuilder input = new StringBuilder(1_024);
    List<String> left = new ArrayList<>(fields);
    for (String name : names) {
      for (int i = left.size() - 1; i >= 0; i--) {
        if (name(left.get(i)).equals(name.toLowerCase(Locale.ROOT))) {
          input.append(relaxed(left.remove(i))).append("\r\n");
          break;
        }
      }
    }
    return input.append(relaxed(unsigned)).toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** RFC 6376 section 3.4.4. */
  static byte[] relaxedBody(byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length);
    int emptyLines = 0;
    boolean blank = false;
    for (int i = 0; i < body.length; i++) {
      byte c = body[i];
      if (c == '\r' && i + 1 < body.length && body[i + 1] == '\n') {
        i++;
        emptyLines++;
        blank = false;
      } else if (c == ' ' || c == '\t') {
        blank = true;
      } else {
        for (; emptyLines > 0; emptyLines--) {
          out.write('\r');
          out.write('\n');
        }
        if (blank) {
          out.write(' ');
          blank = false;
        }
        out.write(c);
      }
    }
    if (out.size() > 0) {
      out.write('\r');
      out.write('\n');
    }
    return out.toByteArray();
  }

  /** Each with its folded lines, without its line end. */
  private static List<String> fields(String header) {
    List<String> fields = new ArrayList<>();
    for (String line : header.split("\r\n", -1)) {
      boolean folded = line.startsWith(" ") || line.startsWith("\t");
      if (folded && !fields.isEmpty()) {
        int last = fields.size() - 1;
        fields.set(last, fields.get(last) + "\r\n" + line);
      } else if (!line.isEmpty()) {
        fields.add(line);
      }
    }
    return fields;
  }

  private static String name(String field) {
    int colon = field.indexOf(':');
    return field.substring(0, Math.max(0, colon)).strip().toLowerCase(Locale.ROOT);
  }

  /** RFC 6376 section 3.4.2. */
  private static String relaxed(String field) {
    String value = field.substring(field.indexOf(':') + 1).replace("\r\n", "");
    StringBuilder line = new StringBuilder(field.length()).append(name(field)).append(':');
    int begin = line.length();
    boolean blank = false;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == ' ' || c == '\t') {
        blank = true;
      } else {
        if (blank && line.length() > begin) {
          line.append(' ');
        }
        blank = false;
        line.append(c);
      }
    }
    return line.toString();
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java has SHA-256.", e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
