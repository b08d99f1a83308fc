package dev.retour.messages;

import dev.retour.messages.OutputLimit.LimitException;
import java.io.Writer;

/** Collects what a template writes as a text, within a limit. */
final class TextWriter extends Writer {
  private final StringBuilder text = new StringBuilder(256);
  private final OutputLimit limit;

  TextWriter(OutputLimit limit) {
    this.limit = limit;
  }

  @Override
  public void write(char[] chars, int offset, int length) throws LimitException {
    limit.take(length);
    text.append(chars, offset, length);
  }

  @Override
  public void write(String string, int offset, int length) throws LimitException {
    limit.take(length);
    text.append(string, offset, offset + length);
  }

  @Override
  public void write(String string) throws LimitException {
    write(string, 0, string.length());
  }

  @Override
  public void write(int character) throws LimitException {
    limit.take(1);
    text.append((char) character);
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
