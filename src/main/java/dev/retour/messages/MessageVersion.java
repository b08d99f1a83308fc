package dev.retour.messages;

import java.time.Instant;
import java.util.HexFormat;

/**
 * What is known of a version; its content never changes.
 *
 * @param number counted from 1 for each message
 * @param because why it was published; may be empty
 * @param digest of its files, short; the same for the same files
 */
public record MessageVersion(
    int number, Instant publishedAt, String publishedBy, String because, String digest) {
  private static final int SHOWN_CHARS = 12;

  static String hex(byte[] digest) {
    return HexFormat.of().formatHex(digest).substring(0, SHOWN_CHARS);
  }
}
