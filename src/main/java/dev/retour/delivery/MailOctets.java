package dev.retour.delivery;

import dev.retour.qualification.Phase;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The bytes of a mail on their way through DATA (RFC 5321 section 4.5.2): lines end in CRLF and in
 * nothing else, and a line that begins with a dot gets another.
 *
 * <p>A bare CR or LF never leaves: servers that take one for the end of a line can be made to see
 * the end of the mail where we see none (CVE-2023-51764, -51765, -51766).
 */
final class MailOctets {
  private static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] DOT = {'.'};
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long EACH_AFTER_CR = 0x0E0E_0E0E_0E0E_0E0EL;
  private static final long EACH_HIGHEST_BIT = 0x8080_8080_8080_8080L;

  private final byte[] raw;
  private boolean eightBit;
  private boolean eightBitHeader;
  private boolean dots;

  private MailOctets(byte[] raw) {
    this.raw = raw;
  }

  /**
   * Looks at every byte.
   *
   * @throws SmtpException a permanent failure when the mail cannot be sent as it is
   */
  static MailOctets of(byte[] raw) throws SmtpException {
    MailOctets octets = new MailOctets(raw);
    boolean inHeader = true;
    int lineStart = 0;
    for (int i = 0; i < raw.length; i++) {
      if (i > lineStart) {
        i = afterPlain(raw, i);
        if (i == raw.length) {
          break;
        }
      }
      byte b = raw[i];
      if (b > '\r') {
        if (b == '.' && i == lineStart) {
          octets.dots = true;
        }
      } else if (b < 0) {
        octets.eightBit = true;
        octets.eightBitHeader |= inHeader;
      } else if (b == '\r') {
        if (i + 1 == raw.length || raw[i + 1] != '\n') {
          throw unfit("a bare CR", i);
        }
        inHeader &= i != lineStart;
        i++;
        lineStart = i + 1;
      } else if (b == '\n') {
        throw unfit("a bare LF", i);
      } else if (b == 0) {
        throw unfit("a NUL", i);
      }
    }
    return octets;
  }

  /**
   * Steps over octets above CR and below 128, eight at a time, as most of a mail is such: within a
   * line none of them matters.
   */
  private static int afterPlain(byte[] raw, int from) {
    int i = from;
    while (i <= raw.length - Long.BYTES) {
      long eight = (long) EIGHT.get(raw, i);
      // Of each octet the highest bit: set in the first term when it is below 14, in the second
      // when it is 128 or more. A borrow only ever shows one too many, which is looked at.
      if (((eight - EACH_AFTER_CR | eight) & EACH_HIGHEST_BIT) != 0) {
        break;
      }
      i += Long.BYTES;
    }
    return i;
  }

  private static SmtpException unfit(String what, int at) {
    return new SmtpException(
        Phase.DATA,
        554,
        "554 5.6.0 The stored mail has " + what + " at byte " + at + "; nothing was sent.");
  }

  boolean isEightBit() {
    return eightBit;
  }

  /** True when header fields are in UTF-8 (RFC 6532). */
  boolean hasEightBitHeader() {
    return eightBitHeader;
  }

  /** As SIZE counts it (RFC 1870 section 3): without the dots added. */
  int size() {
    return endsLine() ? raw.length : raw.length + CRLF.length;
  }

  /** Everything but the final dot. */
  void writeTo(SmtpConnection connection) throws SmtpException {
    if (dots) {
      stuffed(connection);
    } else {
      connection.write(Phase.DATA, raw, 0, raw.length);
    }
    if (!endsLine()) {
      connection.write(Phase.DATA, CRLF, 0, CRLF.length);
    }
  }

  private void stuffed(SmtpConnection connection) throws SmtpException {
    int from = 0;
    for (int i = 0; i < raw.length; i++) {
      if (raw[i] == '.' && (i == 0 || raw[i - 1] == '\n')) {
        connection.write(Phase.DATA, raw, from, i - from);
        connection.write(Phase.DATA, DOT, 0, DOT.length);
        from = i;
      }
    }
    connection.write(Phase.DATA, raw, from, raw.length - from);
  }

  private boolean endsLine() {
    return raw.length >= 2 && raw[raw.length - 2] == '\r' && raw[raw.length - 1] == '\n';
  }
}
