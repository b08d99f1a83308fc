package dev.retour.console;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.codec.DecoderUtil;
import org.apache.james.mime4j.stream.BodyDescriptor;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.Field;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.apache.james.mime4j.stream.RawField;
import org.apache.james.mime4j.stream.RawFieldParser;
import org.jspecify.annotations.Nullable;

/**
 * Opens one mail for looking at, within limits on bytes, parts, depth and headers. For the console
 * only: what a mail means is decided elsewhere.
 */
final class MailOpener {
  private static final int PARTS_MAX = 100;
  private static final int DEPTH_MAX = 20;
  private static final int HEADERS_MAX = 200;
  private static final int HEADER_CHARS_MAX = 2_000;

  private final int bytesMax;

  MailOpener(int bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** Opens a mail; whatever the bytes are, there is at least the source to show. */
  MailView open(byte[] raw) {
    boolean tooLong = raw.length > bytesMax;
    byte[] bounded = tooLong ? Arrays.copyOf(raw, bytesMax) : raw;
    Walk walk = new Walk();
    String fault = null;
    try {
      walk.through(bounded);
    } catch (MimeException | IOException e) {
      fault = String.valueOf(e.getMessage());
    }
    return new MailView(
        List.copyOf(walk.headers),
        walk.text,
        walk.html,
        List.copyOf(walk.attachments),
        List.copyOf(walk.tree),
        new String(bounded, StandardCharsets.UTF_8).replace("\r\n", "\n"),
        tooLong || walk.cut,
        fault);
  }

  /** One pass over one mail. */
  private static final class Walk {
    private final List<MailView.Header> headers = new ArrayList<>();
    private final List<MailView.Attachment> attachments = new ArrayList<>();
    private final List<MailView.Part> tree = new ArrayList<>();
    private @Nullable String text;
    private @Nullable String html;
    private boolean cut;
    private int depth;
    private int parts;
    private @Nullable String fileName;
    private boolean attached;

    void through(byte[] raw) throws MimeException, IOException {
      MimeConfig limits =
          MimeConfig.custom()
              .setMaxLineLen(-1)
              .setMaxHeaderLen(-1)
              .setMaxHeaderCount(HEADERS_MAX * PARTS_MAX)
              .build();
      MimeTokenStream stream = new MimeTokenStream(limits);
      stream.parse(new ByteArrayInputStream(raw));
      for (EntityState state = stream.getState();
          state != EntityState.T_END_OF_STREAM;
          state = stream.next()) {
        if (parts > PARTS_MAX || depth > DEPTH_MAX) {
          cut = true;
          return;
        }
        switch (state) {
          case T_START_HEADER -> startPart();
          case T_FIELD -> field(stream.getField());
          case T_START_MULTIPART -> {
            part(stream.getBodyDescriptor().getMimeType(), 0);
            depth++;
          }
          case T_START_MESSAGE -> {
            if (parts > 0) { // not the mail itself
              part("message/rfc822", 0);
            }
            depth++;
          }
          case T_END_MULTIPART, T_END_MESSAGE -> depth--;
          case T_BODY -> body(stream.getBodyDescriptor(), stream.getDecodedInputStream());
          default -> {}
        }
      }
    }

    private void startPart() {
      parts++;
      fileName = null;
      attached = false;
    }

    private void field(Field field) {
      String value = String.valueOf(field.getBody());
      if (value.length() > HEADER_CHARS_MAX) {
        value = VisibleText.cut(value, HEADER_CHARS_MAX);
        cut = true;
      }
      if (parts == 1 && headers.size() < HEADERS_MAX) {
        headers.add(
            new MailView.Header(
                field.getName(),
                DecoderUtil.decodeEncodedWords(value, DecodeMonitor.SILENT).strip()));
      }
      String name = field.getName().toLowerCase(Locale.ROOT);
      if (name.equals("content-disposition")) {
        attached |= value.strip().toLowerCase(Locale.ROOT).startsWith("attachment");
        fileName = parameter(name, value, "filename", fileName);
      } else if (name.equals("content-type")) {
        fileName = parameter(name, value, "name", fileName);
      }
    }

    private static @Nullable String parameter(
        String field, String value, String parameter, @Nullable String otherwise) {
      return RawFieldParser.DEFAULT.parseRawBody(new RawField(field, value)).getParams().stream()
          .filter(found -> found.getName().equalsIgnoreCase(parameter))
          .map(found -> DecoderUtil.decodeEncodedWords(found.getValue(), DecodeMonitor.SILENT))
          .findFirst()
          .orElse(otherwise);
    }

    private void body(BodyDescriptor part, InputStream decoded) throws IOException {
      String type = part.getMimeType().toLowerCase(Locale.ROOT);
      byte[] bytes = decoded.readAllBytes();
      part(type, bytes.length);
      if (!attached && text == null && type.equals("text/plain")) {
        text = new String(bytes, charset(part.getCharset())).replace("\r\n", "\n");
      } else if (!attached && html == null && type.equals("text/html")) {
        html = new String(bytes, charset(part.getCharset()));
      } else {
        attachments.add(
            new MailView.Attachment(fileName == null ? "" : fileName, type, bytes.length));
      }
    }

    private void part(String type, long sizeBytes) {
      tree.add(
          new MailView.Part(
              depth - 1,
              VisibleText.cut(type.toLowerCase(Locale.ROOT), 100),
              fileName == null ? "" : fileName,
              sizeBytes));
    }

    private static Charset charset(@Nullable String name) {
      if (name == null || name.equalsIgnoreCase("us-ascii")) {
        return StandardCharsets.UTF_8;
      }
      try {
        return Charset.forName(name);
      } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
        return StandardCharsets.UTF_8;
      }
    }
  }
}
