package dev.retour.mail;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Decodes a body in quoted-printable (RFC 2045 section 6.7) that keeps to its rules, as nearly all
 * do, in one pass; what does not is left to mime4j, which has an answer to each fault.
 */
final class QuotedPrintable {
  private final byte[] encoded;
  private final int end;
  private final byte[] decoded;
  private int size;

  private QuotedPrintable(byte[] encoded, int end) {
    this.encoded = encoded;
    this.end = end;
    int linefeeds = 0;
    for (int i = 0; i < end; i++) {
      linefeeds += encoded[i] == '\n' ? 1 : 0;
    }
    this.decoded = new byte[end + linefeeds];
  }

  /**
   * The decoded bytes, with line ends as CRLF.
   *
   * @param size how many bytes of the buffer are the whole body
   * @return null when the body breaks a rule
   */
  static byte @Nullable [] decode(byte[] buffer, int size) {
    QuotedPrintable body = new QuotedPrintable(buffer, size);
    return body.run() ? Arrays.copyOf(body.decoded, body.size) : null;
  }

  private boolean run() {
    int at = 0;
    while (at >= 0 && at < end) {
      at = plain(at);
      if (at == end) {
        return true;
      }
      byte b = encoded[at];
      if (b == '=') {
        at = escape(at + 1);
      } else if (b == '\r' || b == '\n') {
        at = lineEnd(at);
        if (at < 0) {
          return false;
        }
        decoded[size++] = '\r';
        decoded[size++] = '\n';
      } else if (b == ' ' || b == '\t') {
        at = blanks(at);
      } else {
        return false; // perhaps white space of some kind
      }
    }
    return at >= 0;
  }

  /** Takes over what stands for itself, and single blanks between; gives where that ends. */
  private int plain(int from) {
    int at = from;
    int to = size;
    while (at < end) {
      byte b = encoded[at];
      boolean itself = (b > ' ' || b < 0) && b != '=';
      if (!itself && (b != ' ' || at + 1 >= end || encoded[at + 1] <= ' ')) {
        break;
      }
      decoded[to++] = b;
      at++;
    }
    size = to;
    return at;
  }

  /** Behind the line end there, or negative for a carriage return alone. */
  private int lineEnd(int at) {
    if (at < end && encoded[at] == '\n') {
      return at + 1;
    }
    boolean both = at + 1 < end && encoded[at] == '\r' && encoded[at + 1] == '\n';
    return both ? at + 2 : -1;
  }

  private int escape(int at) {
    int high = at + 1 < end ? Character.digit(encoded[at], 16) : -1;
    int low = high < 0 ? -1 : Character.digit(encoded[at + 1], 16);
    if (low < 0) {
      return lineEnd(at); // a soft line break, or an offence
    }
    decoded[size++] = (byte) (high << 4 | low);
    return at + 2;
  }

  /** White space at the end of a line or of the body was added on the way and is dropped. */
  private int blanks(int from) {
    int at = from;
    while (at < end && (encoded[at] == ' ' || encoded[at] == '\t')) {
      at++;
    }
    if (at < end && encoded[at] != '\r' && encoded[at] != '\n') {
      System.arraycopy(encoded, from, decoded, size, at - from);
      size += at - from;
    }
    return at;
  }
}
