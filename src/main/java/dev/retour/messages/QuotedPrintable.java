package dev.retour.messages;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Quoted-printable (RFC 2045 section 6.7) for text, with two things libraries leave out: a dot and
 * the word From at the beginning of a line are encoded, so that no relay has to change the body.
 */
final class QuotedPrintable {
  private static final int LINE_OCTETS_MAX = 76;
  private static final int ROOM = 12; // more than an octet and two line breaks take
  private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

  private final byte[] in;
  private byte[] out;
  private int length;
  private int column;

  private QuotedPrintable(byte[] in) {
    this.in = in;
    this.out = new byte[in.length + in.length / 8 + LINE_OCTETS_MAX];
  }

  /** Writes the text, with CRLF for every line end, and a CRLF at its end. */
  static void write(String text, ByteArrayOutputStream target) {
    QuotedPrintable encoding = new QuotedPrintable(text.getBytes(StandardCharsets.UTF_8));
    encoding.encode();
    target.write(encoding.out, 0, encoding.length);
  }

  private void encode() {
    int i = 0;
    while (i < in.length) {
      int run = run(i);
      if (run > 0) {
        reserve(run + ROOM);
        System.arraycopy(in, i, out, length, run);
        length += run;
        column += run;
        i += run;
      } else {
        reserve(ROOM);
        i += one(i);
      }
    }
    if (column > 0) {
      newline();
    }
  }

  /** How many octets from here go out as they are on this line; most of a mail does so. */
  private int run(int from) {
    int most = Math.min(in.length - from, LINE_OCTETS_MAX - 1 - column);
    if (column == 0 && most > 0 && isStart(in[from])) {
      return 0;
    }
    int run = 0;
    while (run < most && in[from + run] >= ' ' && in[from + run] < 127 && in[from + run] != '=') {
      run++;
    }
    // A blank may be the last of its line, which only the slow way finds out.
    while (run > 0 && in[from + run - 1] == ' ') {
      run--;
    }
    return run;
  }

  /** Writes one octet, or one line end; tells how many octets it took. */
  private int one(int i) {
    int octet = in[i] & 0xFF;
    if (octet == '\n' || octet == '\r') {
      newline();
      return octet == '\r' && i + 1 < in.length && in[i + 1] == '\n' ? 2 : 1;
    }
    if (isLiteral(octet) && !mustEncode(i, octet)) {
      breakBefore(1);
      out[length++] = (byte) octet;
      column++;
    } else {
      breakBefore(3);
      out[length++] = '=';
      out[length++] = HEX[octet >> 4];
      out[length++] = HEX[octet & 15];
      column += 3;
    }
    return 1;
  }

  private void reserve(int octets) {
    if (out.length - length < octets) {
      out = Arrays.copyOf(out, 2 * out.length + octets);
    }
  }

  private static boolean isLiteral(int octet) {
    return (octet >= ' ' && octet < 127 && octet != '=') || octet == '\t';
  }

  private boolean mustEncode(int i, int octet) {
    if (octet == ' ' || octet == '\t') {
      return i + 1 == in.length || in[i + 1] == '\n' || in[i + 1] == '\r';
    }
    // A soft break may put any character at the beginning of a line.
    boolean first = column == 0 || column >= LINE_OCTETS_MAX - 1;
    return first && isStart(octet);
  }

  /** Whether a line that begins so would be changed on the way. */
  private static boolean isStart(int octet) {
    return octet == '.' || octet == 'F';
  }

  /** One column stays free for the = of a soft line break. */
  private void breakBefore(int octets) {
    if (column + octets > LINE_OCTETS_MAX - 1) {
      out[length++] = '=';
      newline();
    }
  }

  private void newline() {
    out[length++] = '\r';
    out[length++] = '\n';
    column = 0;
  }
}
