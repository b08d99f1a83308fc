package dev.retour.messages;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** SHA-256, which every Java has. */
final class Sha256 {
  private Sha256() {}

  /** To be fed in parts. */
  static MessageDigest begin() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256.", e);
    }
  }

  static byte[] of(byte[] bytes) {
    return begin().digest(bytes);
  }

  /** The first octets of it, in hexadecimal. */
  static String hex(byte[] bytes, int octets) {
    return HexFormat.of().formatHex(Arrays.copyOf(of(bytes), octets));
  }
}
