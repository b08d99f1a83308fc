package dev.retour.support;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * Verifies DKIM signatures (RFC 6376, RFC 8463; relaxed/relaxed) with what the JDK has: nothing of
 * what signs, neither the library's nor ours.
 */
public final class DkimCheck {
  private DkimCheck() {}

  /** How many signatures a mail has. */
  public static int signatures(String mail) {
    return own(mail).size();
  }

  /** A tag of a signature, the first being the topmost. */
  public static String tag(String mail, int signature, String name) {
    for (String tag : value(own(mail).get(signature)).split(";", -1)) {
      int equals = tag.indexOf('=');
      if (equals > 0 && tag.substring(0, equals).strip().equals(name)) {
        return tag.substring(equals + 1).replaceAll("\\s", "");
      }
    }
    throw new AssertionError("no tag " + name);
  }

  /** Whether the topmost signature holds for this record. */
  public static boolean verify(String mail, String record) throws GeneralSecurityException {
    return verify(mail, 0, record);
  }

  public static boolean verify(String mail, int signature, String record)
      throws GeneralSecurityException {
    int end = mail.indexOf("\r\n\r\n");
    String body = mail.substring(end + 4).replaceAll("[ \t]+", " ").replace(" \r\n", "\r\n");
    body = body.replaceAll("(\r\n)*$", "");
    body = body.isEmpty() ? "" : body + "\r\n";
    String hash = Base64.getEncoder().encodeToString(sha256(body));
    if (!hash.equals(tag(mail, signature, "bh"))) {
      return false;
    }
    String field = own(mail).get(signature);
    List<String> left = fields(mail);
    left.remove(field);
    StringBuilder text = new StringBuilder();
    for (String name : tag(mail, signature, "h").split(":", -1)) {
      for (int i = left.size() - 1; i >= 0; i--) {
        if (name(left.get(i)).equals(name.toLowerCase(Locale.ROOT))) {
          text.append(canonical(left.remove(i))).append("\r\n");
          break;
        }
      }
    }
    text.append(canonical(field.replaceAll("([;\\s]b=)[^;]*", "$1")));
    byte[] signed = Base64.getDecoder().decode(tag(mail, signature, "b"));
    return holds(tag(mail, signature, "a"), record, text.toString(), signed);
  }

  private static boolean holds(String algorithm, String record, String text, byte[] signed)
      throws GeneralSecurityException {
    byte[] published =
        Base64.getDecoder().decode(record.substring(record.indexOf("p=") + 2).replace(" ", ""));
    boolean ed25519 = algorithm.equals("ed25519-sha256");
    if (ed25519 != record.contains("k=ed25519")) {
      return false;
    }
    Signature check = Signature.getInstance(ed25519 ? "Ed25519" : "SHA256withRSA");
    check.initVerify(
        ed25519
            ? ed25519(published)
            : KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(published)));
    check.update(ed25519 ? sha256(text) : bytes(text));
    return check.verify(signed);
  }

  /** RFC 8032 section 5.1.2: little-endian, the last bit is the sign of x. */
  private static PublicKey ed25519(byte[] encoded) throws GeneralSecurityException {
    byte[] y = new byte[32];
    for (int i = 0; i < 32; i++) {
      y[31 - i] = encoded[i];
    }
    boolean odd = (y[0] & 0x80) != 0;
    y[0] &= 0x7f;
    return KeyFactory.getInstance("Ed25519")
        .generatePublic(
            new EdECPublicKeySpec(
                NamedParameterSpec.ED25519, new EdECPoint(odd, new BigInteger(1, y))));
  }

  private static List<String> own(String mail) {
    return fields(mail).stream().filter(each -> name(each).equals("dkim-signature")).toList();
  }

  private static List<String> fields(String mail) {
    List<String> fields = new ArrayList<>();
    for (String line : mail.substring(0, mail.indexOf("\r\n\r\n")).split("\r\n(?![ \t])", -1)) {
      fields.add(line);
    }
    return fields;
  }

  private static String name(String field) {
    return field.substring(0, field.indexOf(':')).strip().toLowerCase(Locale.ROOT);
  }

  private static String value(String field) {
    return field.substring(field.indexOf(':') + 1);
  }

  private static String canonical(String field) {
    String unfolded = value(field).replace("\r\n", "").replaceAll("[ \t]+", " ").strip();
    return name(field) + ":" + unfolded;
  }

  private static byte[] sha256(String text) throws GeneralSecurityException {
    return MessageDigest.getInstance("SHA-256").digest(bytes(text));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
