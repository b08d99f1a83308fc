package dev.retour.mail;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import org.apache.james.mime4j.codec.QuotedPrintableInputStream;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.apache.james.mime4j.util.MimeUtil;
import org.jspecify.annotations.Nullable;

/**
 * Reads the bodies of a mail's parts, without their transfer encoding, one after the other into one
 * buffer: most are small, so a buffer that grows costs less than the JDK's list of large ones.
 */
final class BodyReader {
  private static final int BYTES_FIRST = 2_048;

  private final MailConfig limits;
  private final Unread unread;
  private byte[] buffer = new byte[BYTES_FIRST];
  private int size;

  BodyReader(MailConfig limits, Unread unread) {
    this.limits = limits;
    this.unread = unread;
  }

  /**
   * The text of the body a stream stands at.
   *
   * @param max bytes read of it
   * @param charset as the part claims, or null
   */
  String text(MimeTokenStream stream, int max, @Nullable String charset) {
    size = 0;
    String encoding = stream.getBodyDescriptor().getTransferEncoding();
    try {
      if (MimeUtil.isQuotedPrintableEncoded(encoding)) {
        byte[] decoded = quotedPrintable(stream.getInputStream(), max);
        return TextDecoder.body(decoded, decoded.length, charset);
      }
      fill(stream.getDecodedInputStream(), max);
    } catch (IOException e) {
      unread.tell("A part's transfer encoding is broken; its text was read as far as it goes.");
    }
    return TextDecoder.body(buffer, size, charset);
  }

  private byte[] quotedPrintable(InputStream raw, int max) throws IOException {
    read(raw, max);
    byte[] decoded = size < max ? QuotedPrintable.decode(buffer, size) : null;
    if (decoded != null && decoded.length < max) {
      return decoded;
    }
    byte[] begin = Arrays.copyOf(buffer, size);
    size = 0;
    try (InputStream careful =
        new QuotedPrintableInputStream(
            new SequenceInputStream(new ByteArrayInputStream(begin), raw), false)) {
      fill(careful, max);
    }
    return Arrays.copyOf(buffer, size);
  }

  private void fill(InputStream in, int max) throws IOException {
    read(in, max);
    // The text of a returned mail is cut on purpose and loses nothing that is looked for.
    if (size == limits.textBytesMax() && in.read() >= 0) {
      unread.tell("Of a text only the first " + max + " bytes were read.");
    }
  }

  private void read(InputStream in, int max) throws IOException {
    while (size < max) {
      if (size == buffer.length) {
        buffer = Arrays.copyOf(buffer, Math.min(max, size * 4));
      }
      int read = in.read(buffer, size, Math.min(max, buffer.length) - size);
      if (read < 0) {
        break;
      }
      size += read;
    }
  }
}
