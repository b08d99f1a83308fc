package dev.retour.console;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256: tells whether content is still the same. */
final class Digests {
  private static final int CHARACTERS = 16;

  private Digests() {}

  /** 16 hexadecimal characters of the content's SHA-256. */
  static String shortHash(byte[] content) {
    return HexFormat.of().formatHex(sha256(content)).substring(0, CHARACTERS);
  }

  static byte[] sha256(byte[] content) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(content);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256.", e);
    }
  }
}
