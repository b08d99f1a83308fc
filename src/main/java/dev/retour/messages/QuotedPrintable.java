package dev.retour.messages;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Quoted-printable (RFC 2045 section 6.7) for text, with two things libraries leave out: a dot and
 * the word From at the beginning of a line are encoded, so that no relay has to change the body.
 */
final class QuotedPrintable {
  private static final int LINE_OCTETS_MAX = 76;
  private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

  private final ByteArrayOutputStream out;
  private int column;

  private QuotedPrintable(ByteArrayOutputStream out) {
    this.out = out;
  }

  /** Writes the text, with CRLF for every line end, and a CRLF at its end. */
  static void write(String text, ByteArrayOutputStream out) {
    new QuotedPrintable(out).write(text.getBytes(StandardCharsets.UTF_8));
  }

  private void write(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      int octet = bytes[i] & 0xFF;
      if (octet == '\n' || octet == '\r') {
        newline();
        if (octet == '\r' && i + 1 < bytes.length && bytes[i + 1] == '\n') {
          i++;
        }
      } else if (isLiteral(octet) && !mustEncode(bytes, i, octet)) {
        breakBefore(1);
        out.write(octet);
        column++;
      } else {
        breakBefore(3);
        out.write('=');
        out.write(HEX[octet >> 4]);
        out.write(HEX[octet & 15]);
        column += 3;
      }
    }
    if (column > 0) {
      newline();
    }
  }

  private static boolean isLiteral(int octet) {
    return (octet >= ' ' && octet < 127 && octet != '=') || octet == '\t';
  }

  private boolean mustEncode(byte[] bytes, int i, int octet) {
    if (octet == ' ' || octet == '\t') {
      return i + 1 == bytes.length || bytes[i + 1] == '\n' || bytes[i + 1] == '\r';
    }
    // A soft break may put any character at the beginning of a line.
    boolean first = column == 0 || column >= LINE_OCTETS_MAX - 1;
    return first && (octet == '.' || octet == 'F');
  }

  /** One column stays free for the = of a soft line break. */
  private void breakBefore(int octets) {
    if (column + octets > LINE_OCTETS_MAX - 1) {
      out.write('=');
      newline();
    }
  }

  private void newline() {
    out.write('\r');
    out.write('\n');
    column = 0;
  }
}
