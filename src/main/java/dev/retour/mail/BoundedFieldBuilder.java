package dev.retour.mail;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
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
  /** Traces and signatures: the most and the longest fields of most mails. */
  private static final List<byte[]> UNASKED =
      Stream.of(
              "received-spf:",
              "x-received:",
              "dkim-signature:",
              "domainkey-signature:",
              "arc-",
              "authentication-results:",
              "x-google-",
              "x-ms-exchange-",
              "x-microsoft-antispam",
              "x-forefront-",
              "x-gm-message-state:")
          .map(name -> name.getBytes(StandardCharsets.US_ASCII))
          .toList();

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

  /**
   * The field, or null for a line that is none. mime4j would make an exception of each such line,
   * and a mail may consist of nothing else.
   */
  @Override
  public @Nullable RawField build() throws MimeException {
    RecycledByteArrayBuffer raw = kept.getRaw();
    return isField(raw) && !isUnasked(raw) ? kept.build() : null;
  }

  /** Whether it is one of the long fields nobody here ever asks for. */
  private static boolean isUnasked(RecycledByteArrayBuffer raw) {
    for (byte[] name : UNASKED) {
      if (begins(raw, name)) {
        return true;
      }
    }
    return false;
  }

  private static boolean begins(RecycledByteArrayBuffer raw, byte[] name) {
    if (raw.length() < name.length) {
      return false;
    }
    for (int i = 0; i < name.length; i++) {
      int letter = raw.byteAt(i);
      if (name[i] != (letter >= 'A' && letter <= 'Z' ? letter + 32 : letter)) {
        return false;
      }
    }
    return true;
  }

  /** Whether a name and a colon begin it (RFC 5322 2.2, with blanks between them as in 4.5). */
  private static boolean isField(RecycledByteArrayBuffer raw) {
    int at = 0;
    while (at < raw.length()
        && raw.byteAt(at) > ' '
        && raw.byteAt(at) < 127
        && raw.byteAt(at) != ':') {
      at++;
    }
    int name = at;
    while (at < raw.length() && (raw.byteAt(at) == ' ' || raw.byteAt(at) == '\t')) {
      at++;
    }
    return name > 0 && at < raw.length() && raw.byteAt(at) == ':';
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
