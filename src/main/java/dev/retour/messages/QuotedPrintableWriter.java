package dev.retour.messages;

import dev.retour.messages.OutputLimit.LimitException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/**
 * Writes text as quoted-printable octets of its UTF-8 (RFC 2045 section 6.7), in one pass, with two
 * things libraries leave out: a dot and the word From at the beginning of a line are encoded, so
 * that no relay has to change the body. Every line end becomes CRLF, and the text ends with one.
 *
 * <p>Most of a mail is the same in each: such texts are encoded once ({@link FixedTexts}) and
 * copied.
 */
final class QuotedPrintableWriter extends Writer {
  private static final int LINE_OCTETS_MAX = 76;
  private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

  private final Octets out;
  private final OutputLimit limit;
  private final FixedTexts fixed;
  private final char[] chars = new char[256];
  private int column;

  /** A blank that may turn out to be the last of its line; 0 when there is none. */
  private char blank;

  /** The first half of a character outside the basic plane; 0 when there is none. */
  private char high;

  private boolean afterCr;

  QuotedPrintableWriter(Octets out, OutputLimit limit, FixedTexts fixed) {
    this.out = out;
    this.limit = limit;
    this.fixed = fixed;
  }

  /** Writes a whole text that no template writes. */
  static void write(String text, Octets out) {
    QuotedPrintableWriter encoder =
        new QuotedPrintableWriter(out, OutputLimit.none(), new FixedTexts());
    char[] chars = text.toCharArray();
    encoder.encode(chars, 0, chars.length);
    encoder.close();
  }

  @Override
  public void write(char[] text) throws LimitException {
    FixedTexts.Encoded encoded = fixed.find(text);
    if (encoded == null) {
      write(text, 0, text.length);
      return;
    }
    limit.take(text.length);
    if (encoded.lineEnd() == 0) {
      ownLine();
    } else {
      encode(text, 0, encoded.lineEnd());
    }
    out.add(encoded.octets());
    column = encoded.column();
    blank = encoded.blank();
    afterCr = false;
  }

  /** Goes to column 0, by a soft line break when there is something on the line. */
  private void ownLine() {
    settle();
    if (column > 0) {
      out.add('=');
      lineEnd();
    }
  }

  /** Writes what waited for the next character, which is none that changes it. */
  private void settle() {
    if (high != 0) {
      lone();
    }
    if (blank != 0) {
      literal(blank);
      blank = 0;
    }
  }

  @Override
  public void write(char[] text, int offset, int length) throws LimitException {
    limit.take(length);
    encode(text, offset, offset + length);
  }

  /** Writes what counts against no limit. */
  void encode(char[] text, int from, int to) {
    for (int i = run(text, from, to); i < to; i = run(text, i + 1, to)) {
      one(text[i]);
    }
  }

  /** Writes what goes out as it is on this line, most of a text; tells where that ends. */
  private int run(char[] text, int from, int to) {
    int end = Math.min(to, from + LINE_OCTETS_MAX - 1 - column);
    if (from >= end || blank != 0 || high != 0 || (column == 0 && isStart(text[from]))) {
      return from;
    }
    out.reserve(end - from);
    byte[] octets = out.bytes;
    int shift = out.length - from;
    int i = from;
    while (i < end && text[i] >= ' ' && text[i] < 127 && text[i] != '=') {
      octets[shift + i] = (byte) text[i];
      i++;
    }
    // A blank may be the last of its line, which only the slow way finds out.
    while (i > from && text[i - 1] == ' ') {
      i--;
    }
    column += i - from;
    out.length += i - from;
    afterCr &= i == from;
    return i;
  }

  @Override
  public void write(String text, int offset, int length) throws LimitException {
    limit.take(length);
    for (int from = offset; from < offset + length; from += chars.length) {
      int count = Math.min(chars.length, offset + length - from);
      text.getChars(from, from + count, chars, 0);
      encode(chars, 0, count);
    }
  }

  @Override
  public void write(String text) throws LimitException {
    write(text, 0, text.length());
  }

  @Override
  public void write(int character) throws LimitException {
    limit.take(1);
    one((char) character);
  }

  @Override
  public void flush() {}

  /** Ends the last line. */
  @Override
  public void close() {
    if (high != 0) {
      lone();
    }
    if (blank != 0) {
      encoded(blank);
      blank = 0;
    }
    if (column > 0) {
      lineEnd();
    }
  }

  int column() {
    return column;
  }

  /** The blank at the end, which is not written yet; 0 when there is none. */
  char blank() {
    return blank;
  }

  private void one(char c) {
    if (c > ' ' && c < 127 && c != '=' && high == 0) {
      if (blank != 0) {
        literal(blank);
        blank = 0;
      }
      literal(c);
      afterCr = false;
    } else {
      special(c);
    }
  }

  private void special(char c) {
    if (high != 0 && !Character.isLowSurrogate(c)) {
      lone();
    }
    boolean second = afterCr && c == '\n';
    afterCr = c == '\r';
    if (second) {
      return;
    }
    if (c == '\n' || c == '\r') {
      if (blank != 0) {
        encoded(blank);
        blank = 0;
      }
      lineEnd();
      return;
    }
    if (blank != 0) {
      literal(blank);
      blank = 0;
    }
    if (c == ' ' || c == '\t') {
      blank = c;
    } else if (c > ' ' && c < 127 && c != '=') {
      literal(c);
    } else if (c < 128) {
      encoded(c);
    } else {
      character(c);
    }
  }

  private void character(char c) {
    if (Character.isHighSurrogate(c)) {
      high = c;
    } else if (Character.isLowSurrogate(c)) {
      if (high == 0) {
        literal('?');
      } else {
        int point = Character.toCodePoint(high, c);
        high = 0;
        encoded(0xF0 | (point >> 18));
        encoded(0x80 | ((point >> 12) & 0x3F));
        encoded(0x80 | ((point >> 6) & 0x3F));
        encoded(0x80 | (point & 0x3F));
      }
    } else if (c < 0x800) {
      encoded(0xC0 | (c >> 6));
      encoded(0x80 | (c & 0x3F));
    } else {
      encoded(0xE0 | (c >> 12));
      encoded(0x80 | ((c >> 6) & 0x3F));
      encoded(0x80 | (c & 0x3F));
    }
  }

  /** A half character cannot be written in UTF-8. */
  private void lone() {
    high = 0;
    literal('?');
  }

  private void literal(int octet) {
    breakBefore(1);
    if (column == 0 && isStart(octet)) {
      encoded(octet);
    } else {
      out.add(octet);
      column++;
    }
  }

  /** Whether a line that begins so would be changed on the way. */
  private static boolean isStart(int octet) {
    return octet == '.' || octet == 'F';
  }

  private void encoded(int octet) {
    breakBefore(3);
    out.add('=');
    out.add(HEX[octet >> 4]);
    out.add(HEX[octet & 15]);
    column += 3;
  }

  /** One column stays free for the = of a soft line break. */
  private void breakBefore(int octets) {
    if (column + octets > LINE_OCTETS_MAX - 1) {
      out.add('=');
      lineEnd();
    }
  }

  private void lineEnd() {
    out.add('\r');
    out.add('\n');
    column = 0;
  }
}
