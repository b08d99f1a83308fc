package dev.retour.mail;

import java.util.Set;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.stream.DefaultFieldBuilder;
import org.apache.james.mime4j.stream.FieldBuilder;
import org.apache.james.mime4j.stream.RawField;
import org.apache.james.mime4j.util.ByteArrayBuffer;
import org.apache.james.mime4j.util.RecycledByteArrayBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the beginning of a header field that is too long. mime4j would either throw the mail away
 * or take the whole field apart, which takes it a tenth of a second for a megabyte of parameters.
 */
final class BoundedFieldBuilder implements FieldBuilder {
  private static final Set<String> FOR_MIME4J =
      Set.of("content-type", "content-transfer-encoding", "content-length");

  private final FieldBuilder kept = new DefaultFieldBuilder(-1);
  private final int bytesMax;
  private int size;
  private boolean cut;
  private byte @Nullable [] last;
  private String name = "";

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

  /**
   * The field, or null for a line that is none (mime4j would make an exception of each such line,
   * and a mail may consist of nothing else) and for a field nobody asks for. Only what says how a
   * part is to be read is taken apart by mime4j; of the others it learns the name alone.
   */
  @Override
  public @Nullable RawField build() throws MimeException {
    RecycledByteArrayBuffer raw = kept.getRaw();
    String asked = FieldNames.asked(raw.buffer(), raw.length());
    last = null;
    if (asked == null) {
      return null;
    }
    name = asked;
    if (FOR_MIME4J.contains(name)) {
      return kept.build();
    }
    last = raw.toByteArray();
    return new RawField(name, "");
  }

  /** The name of the field built last, in lower case. */
  String name() {
    return name;
  }

  /** The bytes of the field built last, as far as it does not hold them itself; null if it does. */
  byte @Nullable [] last() {
    return last;
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
