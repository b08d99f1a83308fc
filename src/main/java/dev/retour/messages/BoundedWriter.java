package dev.retour.messages;

import java.io.IOException;
import java.io.Writer;
import java.time.Duration;

/** Collects what a template writes, and stops it when it writes too much or for too long. */
final class BoundedWriter extends Writer {
  private final StringBuilder text = new StringBuilder(16_384);
  private final int charsMax;
  private final long deadlineNanos;

  BoundedWriter(int charsMax, Duration timeMax) {
    this.charsMax = charsMax;
    this.deadlineNanos = System.nanoTime() + timeMax.toNanos();
  }

  /** A limit was exceeded; the message is a sentence. */
  static final class LimitException extends IOException {
    private static final long serialVersionUID = 1L;

    LimitException(String text) {
      super(text);
    }
  }

  @Override
  public void write(char[] chars, int offset, int length) throws IOException {
    check(length);
    text.append(chars, offset, length);
  }

  @Override
  public void write(String string, int offset, int length) throws IOException {
    check(length);
    text.append(string, offset, offset + length);
  }

  @Override
  public void write(String string) throws IOException {
    write(string, 0, string.length());
  }

  private void check(int more) throws LimitException {
    if (text.length() + more > charsMax) {
      throw new LimitException("The template writes more than " + charsMax + " characters.");
    }
    if (System.nanoTime() - deadlineNanos > 0) {
      throw new LimitException("The template writes for longer than it may.");
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}

  @Override
  public String toString() {
    return text.toString();
  }
}
