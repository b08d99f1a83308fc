package dev.retour.mail;

import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.stream.DefaultFieldBuilder;
import org.apache.james.mime4j.stream.FieldBuilder;
import org.apache.james.mime4j.stream.RawField;
import org.apache.james.mime4j.util.ByteArrayBuffer;
import org.apache.james.mime4j.util.RecycledByteArrayBuffer;

/**
 * Keeps the beginning of a header field that is too long. mime4j would either throw the mail away
 * or take the whole field apart, which takes it a tenth of a second for a megabyte of parameters.
 */
final class BoundedFieldBuilder implements FieldBuilder {
  private final FieldBuilder kept = new DefaultFieldBuilder(-1);
  private final int bytesMax;
  private int size;
  private boolean cut;

  BoundedFieldBuilder(int bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** Whether any field so far was longer than allowed. */
  boolean hasCut() {
    return cut;
  }

  @Override
  public void reset() {
    size = 0;
    kept.reset();
  }

  @Override
  public void append(ByteArrayBuffer line) throws MimeException {
    int room = bytesMax - size;
    if (line.length() <= room) {
      kept.append(line);
      size += line.length();
      return;
    }
    cut = true;
    if (room > 0) {
      ByteArrayBuffer part = new ByteArrayBuffer(room);
      part.append(line.buffer(), 0, room);
      kept.append(part);
      size = bytesMax;
    }
  }

  @Override
  public RawField build() throws MimeException {
    return kept.build();
  }

  @Override
  public RecycledByteArrayBuffer getRaw() {
    return kept.getRaw();
  }

  @Override
  public void release() {
    kept.release();
  }
}
