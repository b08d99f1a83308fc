package dev.retour.delivery;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the answers of a server that may be hostile: so many bytes a line, so many lines, so much
 * time for the whole answer, and nothing but printable characters reaches logs and tables.
 */
final class SmtpReplyReader {
  /** RFC 5321 section 4.5.3.1.5 allows 512; real servers exceed it. */
  private static final int LINE_BYTES_MAX = 4_096;

  private static final int LINES_MAX = 128;
  private static final int BUFFER_BYTES = 8_192;
  private static final int CODE_DIGITS = 3;

  /** An answer that has arrived may be in several pieces, over TLS mostly. */
  private static final int LATE_READS_MAX = 16;

  private final Socket socket;
  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private final byte[] line = new byte[LINE_BYTES_MAX];
  private int at;
  private int end;

  SmtpReplyReader(Socket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
  }

  /** True when there are bytes nobody asked for yet. */
  boolean hasUnread() throws IOException {
    return at < end || in.available() > 0;
  }

  /**
   * Waits for answers without taking them.
   *
   * @param deadline as {@link System#nanoTime}; what has arrived is looked at also after it
   * @return false: not all of them are there yet; true also when reading them will fail at once
   */
  boolean holds(int answers, long deadline) throws IOException {
    int late = 0;
    while (!isWhole(answers)) {
      if (late > LATE_READS_MAX) {
        return false; // however quickly it drips
      }
      if (at > 0) {
        System.arraycopy(buffer, at, buffer, 0, end - at);
        end -= at;
        at = 0;
      }
      if (end == BUFFER_BYTES) {
        return true; // more than fits is read piece by piece
      }
      long left = (deadline - System.nanoTime()) / 1_000_000;
      late += left <= 0 ? 1 : 0;
      socket.setSoTimeout((int) Math.max(1, Math.min(left, Integer.MAX_VALUE)));
      try {
        int read = in.read(buffer, end, BUFFER_BYTES - end);
        if (read <= 0) {
          return true;
        }
        end += read;
      } catch (SocketTimeoutException e) {
        return false;
      }
    }
    return true;
  }

  /** Whether so many last lines are in the buffer. */
  private boolean isWhole(int answers) {
    int found = 0;
    int start = at;
    for (int i = at; i < end; i++) {
      if (buffer[i] == '\n') {
        boolean more = i - start > CODE_DIGITS && buffer[start + CODE_DIGITS] == '-';
        start = i + 1;
        found += more ? 0 : 1;
      }
    }
    return found >= answers;
  }

  /**
   * Reads one whole answer.
   *
   * @param patience for the answer as a whole, however slowly it drips
   * @throws IOException when the server hangs up, is silent, or does not speak SMTP
   */
  SmtpReply read(Duration patience) throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    String first = nextLine(deadline);
    int code = code(first);
    if (isLast(first)) {
      return new SmtpReply(code, List.of(first));
    }
    List<String> lines = new ArrayList<>();
    lines.add(first);
    for (String next = first; !isLast(next); lines.add(next)) {
      if (lines.size() >= LINES_MAX) {
        throw new IOException(
            "The relay's answer has more than " + LINES_MAX + " lines; the connection is cut.");
      }
      next = nextLine(deadline);
      if (code(next) != code) {
        throw new IOException(
            "The relay's answer changes its code from " + code + " within; the connection is cut.");
      }
    }
    return new SmtpReply(code, lines);
  }

  private static boolean isLast(String text) {
    return text.length() == CODE_DIGITS || text.charAt(CODE_DIGITS) == ' ';
  }

  private static int code(String text) throws IOException {
    boolean wellFormed =
        text.length() >= CODE_DIGITS
            && text.charAt(0) >= '2'
            && text.charAt(0) <= '5'
            && isDigit(text.charAt(1))
            && isDigit(text.charAt(2))
            && (text.length() == CODE_DIGITS || " -".indexOf(text.charAt(CODE_DIGITS)) >= 0);
    if (!wellFormed) {
      throw new IOException("The relay's answer is not SMTP; the connection is cut.");
    }
    return Integer.parseInt(text.substring(0, CODE_DIGITS));
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private String nextLine(long deadline) throws IOException {
    int length = 0;
    boolean plain = true;
    while (true) {
      if (at == end) {
        fill(deadline);
      }
      byte next = buffer[at++];
      if (next == '\n') {
        break;
      }
      if (length == LINE_BYTES_MAX) {
        throw new IOException(
            "A line of the relay's answer is longer than "
                + LINE_BYTES_MAX
                + " bytes; the connection is cut.");
      }
      plain &= next >= ' ' && next < 127;
      line[length++] = next;
    }
    if (length > 0 && line[length - 1] == '\r') {
      return text(length - 1, plain || allPlain(length - 1));
    }
    return text(length, plain);
  }

  private boolean allPlain(int length) {
    for (int i = 0; i < length; i++) {
      if (line[i] < ' ' || line[i] == 127) {
        return false;
      }
    }
    return true;
  }

  private String text(int length, boolean plain) {
    if (plain) {
      return new String(line, 0, length, StandardCharsets.US_ASCII);
    }
    String decoded = new String(line, 0, length, StandardCharsets.UTF_8);
    StringBuilder shown = new StringBuilder(decoded.length());
    decoded.codePoints().forEach(c -> shown.appendCodePoint(isShown(c) ? c : '?'));
    return shown.toString();
  }

  /** Neither controls nor what turns the direction of writing or is invisible. */
  private static boolean isShown(int c) {
    int type = Character.getType(c);
    return !Character.isISOControl(c)
        && type != Character.FORMAT
        && type != Character.LINE_SEPARATOR
        && type != Character.PARAGRAPH_SEPARATOR
        && type != Character.SURROGATE
        && type != Character.UNASSIGNED;
  }

  private void fill(long deadline) throws IOException {
    long left = (deadline - System.nanoTime()) / 1_000_000;
    if (left <= 0) {
      throw new SocketTimeoutException("The relay did not finish its answer in time.");
    }
    socket.setSoTimeout((int) Math.min(left, Integer.MAX_VALUE));
    int read;
    try {
      read = in.read(buffer, 0, BUFFER_BYTES);
    } catch (SocketTimeoutException e) {
      SocketTimeoutException silent =
          new SocketTimeoutException("The relay did not answer in time.");
      silent.initCause(e);
      throw silent;
    }
    if (read <= 0) {
      throw new EOFException("The relay closed the connection.");
    }
    at = 0;
    end = read;
  }
}
