package dev.retour.messages;

import java.util.Arrays;

/** A mail while it is being written: octets that grow, used again for the next mail. */
final class Octets {
  private static final int BEGIN = 65_536;
  private static final int KEPT_MAX = 1_000_000;

  /** Written to directly where a call for each octet would be dear; {@link #reserve} first. */
  byte[] bytes = new byte[BEGIN];

  int length;

  /** Begins anew; what a huge mail took is given back. */
  void clear() {
    length = 0;
    if (bytes.length > KEPT_MAX) {
      bytes = new byte[BEGIN];
    }
  }

  void add(int octet) {
    reserve(1);
    bytes[length++] = (byte) octet;
  }

  void add(byte[] from) {
    add(from, 0, from.length);
  }

  void add(byte[] from, int offset, int count) {
    reserve(count);
    System.arraycopy(from, offset, bytes, length, count);
    length += count;
  }

  void add(String ascii) {
    int count = ascii.length();
    reserve(count);
    for (int i = 0; i < count; i++) {
      bytes[length + i] = (byte) ascii.charAt(i);
    }
    length += count;
  }

  byte[] copy() {
    return Arrays.copyOf(bytes, length);
  }

  /** Makes room for so many octets more. */
  void reserve(int count) {
    if (bytes.length - length < count) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, Math.addExact(length, count)));
    }
  }
}
