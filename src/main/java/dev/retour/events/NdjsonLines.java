package dev.retour.events;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The lines of newline-delimited JSON. Bytes are only cut, not read: a broken line spoils no other.
 * Lines of nothing but white space are none, but they count, so that numbers are those of a text
 * editor.
 */
final class NdjsonLines {
  private final byte[] body;
  private final List<Line> lines;
  private final boolean tooMany;

  private NdjsonLines(byte[] body, List<Line> lines, boolean tooMany) {
    this.body = body;
    this.lines = lines;
    this.tooMany = tooMany;
  }

  /**
   * Where a line is.
   *
   * @param number from 1
   * @param to behind its last byte; its end of line is left out
   */
  record Line(int number, int from, int to) {
    int length() {
      return to - from;
    }
  }

  /** Cuts the body, but not into more than {@code most} lines. */
  static NdjsonLines of(byte[] body, int most) {
    List<Line> lines = new ArrayList<>();
    int number = 0;
    int from = 0;
    while (from < body.length) {
      int to = from;
      boolean blank = true;
      while (to < body.length && body[to] != '\n') {
        blank &= body[to] == ' ' || body[to] == '\t' || body[to] == '\r';
        to++;
      }
      number++;
      if (!blank) {
        if (lines.size() == most) {
          return new NdjsonLines(body, List.of(), true);
        }
        lines.add(new Line(number, from, body[to - 1] == '\r' ? to - 1 : to));
      }
      from = to + 1;
    }
    return new NdjsonLines(body, List.copyOf(lines), false);
  }

  /** Whether there are more than allowed; then there are none here. */
  boolean tooMany() {
    return tooMany;
  }

  List<Line> lines() {
    return lines;
  }

  byte[] bytes(Line line) {
    return Arrays.copyOfRange(body, line.from(), line.to());
  }
}
