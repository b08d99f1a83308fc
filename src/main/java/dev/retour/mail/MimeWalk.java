package dev.retour.mail;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.Field;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.apache.james.mime4j.stream.RecursionMode;
import org.jspecify.annotations.Nullable;

/**
 * Turns the bytes of one mail into a tree of parts, within the limits. mime4j's own limits throw a
 * whole mail away, so they are off and this walk stops by itself and keeps what it has.
 */
final class MimeWalk {
  private static final MimeConfig LENIENT =
      MimeConfig.custom()
          .setStrictParsing(false)
          .setMaxLineLen(-1)
          .setMaxHeaderLen(-1)
          .setMaxHeaderCount(-1)
          .setMaxContentLen(-1)
          .build();

  private static final int RETURNED_TEXT_MAX = 4_096;

  /** A mail may hold this many parts with a full header before the walk gives up. */
  private static final int HEADERS_PATIENCE = 10;

  /** And this many fields of full length. */
  private static final long HEADER_BYTES_PATIENCE = 32;

  private final MailConfig limits;
  private final Unread unread;
  private final Entity root = new Entity(null);
  private final BoundedFieldBuilder fields;
  private final BodyReader bodies;
  private MimeTokenStream stream;
  private Entity at = root;
  private boolean started;
  private int depth;
  private int parts;
  private int headers;
  private long headerBytes;
  private boolean statusRead;

  private MimeWalk(MailConfig limits, Unread unread) {
    this.limits = limits;
    this.unread = unread;
    this.fields = new BoundedFieldBuilder(limits.headerBytesMax());
    this.bodies = new BodyReader(limits, unread);
    this.stream = new MimeTokenStream(LENIENT, null, fields, null);
  }

  /** Reads as much of a mail as the limits allow. */
  static Entity read(byte[] mail, MailConfig limits, Unread unread) {
    MimeWalk walk = new MimeWalk(limits, unread);
    try {
      walk.run(mail);
      if (walk.root.type.startsWith("multipart/") && walk.root.children.isEmpty()) {
        walk.withoutBoundary(mail);
      }
    } catch (IOException | MimeException | RuntimeException e) {
      // A parser fed with garbage may fail in any way; what was read until then still counts.
      unread.tell("The mail's MIME structure is broken: " + e.getClass().getSimpleName() + ".");
    } finally {
      walk.fields.release();
    }
    if (walk.fields.hasCut()) {
      unread.tell("Of a header field only " + limits.headerBytesMax() + " bytes were read.");
    }
    return walk.root;
  }

  private void run(byte[] mail) throws IOException, MimeException {
    stream.setRecursionMode(RecursionMode.M_RECURSE);
    stream.parse(new ByteArrayInputStream(mail));
    follow();
  }

  private void follow() throws IOException, MimeException {
    for (EntityState state = stream.getState();
        state != EntityState.T_END_OF_STREAM;
        state = stream.next()) {
      if (!accept(state)) {
        return;
      }
    }
  }

  /** The announced boundary does not occur: take the one in use, or the whole body as text. */
  private void withoutBoundary(byte[] mail) throws IOException, MimeException {
    int start = bodyStart(mail);
    String text =
        new String(
            mail,
            start,
            Math.min(mail.length - start, limits.textBytesMax()),
            StandardCharsets.ISO_8859_1);
    String boundary = boundaryInUse(text);
    if (boundary == null) {
      if (mail.length - start > limits.textBytesMax()) {
        unread.tell("Of a text only the first " + limits.textBytesMax() + " bytes were read.");
      }
      root.body = TextDecoder.body(text.getBytes(StandardCharsets.ISO_8859_1), root.charset);
      return;
    }
    at = root;
    started = true;
    stream = new MimeTokenStream(LENIENT, null, fields, null); // one that has ended stays ended
    stream.parseHeadless(
        new ByteArrayInputStream(mail, start, mail.length - start),
        "multipart/mixed; boundary=\"" + boundary + "\"");
    follow();
  }

  private static int bodyStart(byte[] mail) {
    for (int i = 1; i < mail.length; i++) {
      int last = mail[i - 1] == '\r' && i > 1 ? mail[i - 2] : mail[i - 1];
      if (mail[i] == '\n' && last == '\n') {
        return i + 1;
      }
    }
    return mail.length;
  }

  private static @Nullable String boundaryInUse(String text) {
    String dashes = null;
    for (String line : (Iterable<String>) text.lines()::iterator) {
      if (dashes != null && line.regionMatches(true, 0, "content-", 0, 8)) {
        return dashes;
      }
      boolean candidate = line.startsWith("--") && line.length() > 6 && line.length() < 73;
      dashes = candidate && line.indexOf('"') < 0 ? line.substring(2).strip() : null;
    }
    return null;
  }

  private boolean accept(EntityState state) {
    switch (state) {
      case T_START_MESSAGE, T_START_BODYPART -> {
        if (started) {
          at = new Entity(at);
        }
        started = true;
        enter();
        if (++parts > limits.partsMax()) {
          unread.tell("Only the first " + limits.partsMax() + " parts of the mail were read.");
          return false;
        }
      }
      case T_END_MESSAGE, T_END_BODYPART -> {
        at = at.parent == null ? at : at.parent;
        depth--;
      }
      case T_FIELD -> {
        Field field = stream.getField();
        byte[] raw = fields.last() == null ? field.getRaw().toByteArray() : fields.last();
        headerBytes += raw.length;
        if (++headers > limits.headersMax() * HEADERS_PATIENCE
            || headerBytes > limits.headerBytesMax() * HEADER_BYTES_PATIENCE) {
          unread.tell("The mail consists of header fields; the rest of it was not read.");
          return false;
        }
        field(fields.name(), raw);
      }
      case T_END_HEADER -> {
        endHeader();
        return !isToldAll();
      }
      case T_BODY -> body();
      default -> {
        // preamble, epilogue and the ends of multiparts say nothing
      }
    }
    return true;
  }

  private void enter() {
    boolean deep = ++depth >= limits.depthMax();
    stream.setRecursionMode(deep ? RecursionMode.M_NO_RECURSE : RecursionMode.M_RECURSE);
  }

  private void field(String name, byte[] raw) {
    if (at.fields.size() >= limits.headersMax()) {
      unread.tell("Only the first " + limits.headersMax() + " header fields of a part were read.");
    } else {
      at.fields.add(name, raw, limits.headerBytesMax());
    }
  }

  /** mime4j tells the type of a body but not that of an enclosed mail, so it is read here. */
  private void endHeader() {
    String value = at.fields.first("content-type");
    if (value == null) {
      return;
    }
    int end = value.indexOf(';');
    String type = (end < 0 ? value : value.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    int blank = type.indexOf(' ');
    at.type = blank < 0 ? type : type.substring(0, blank);
    if (depth >= limits.depthMax() && (at.type.startsWith("multipart/") || at.isMessage())) {
      unread.tell("Parts and mails below level " + limits.depthMax() + " were not taken apart.");
    }
    at.charset = parameter(value, "charset");
  }

  /**
   * Whether the delivery status was read and now the header of the returned mail, too: its body,
   * which may be of any size, tells nothing about the delivery.
   */
  private boolean isToldAll() {
    Entity returned = at.parent;
    return statusRead && returned != null && returned.isMessage() && returned.parent == root;
  }

  private static @Nullable String parameter(String value, String name) {
    int at = value.toLowerCase(Locale.ROOT).indexOf(name + "=");
    if (at < 0) {
      return null;
    }
    int start = at + name.length() + 1;
    boolean quoted = start < value.length() && value.charAt(start) == '"';
    start += quoted ? 1 : 0;
    int end = start;
    while (end < value.length() && (quoted ? "\"" : " ;\t").indexOf(value.charAt(end)) < 0) {
      end++;
    }
    return value.substring(start, end);
  }

  private void body() {
    // Gateways that do not know the type of a delivery status attach it as a file of any kind.
    boolean file = at.parent == root && at.type.equals("application/octet-stream");
    if (!(file || at.isText()) || isSaidAlready()) {
      return;
    }
    boolean little = file || at.type.startsWith("text/");
    String body = bodies.text(stream, little ? textMax() : limits.textBytesMax(), at.charset);
    at.body = file && DeliveryStatus.find(body) != 0 ? "" : body;
    statusRead |= at.parent == root && at.isDeliveryStatus() && at.statusFieldsAt() >= 0;
  }

  /** An HTML part beside its plain alternative tells nothing new and is often the largest part. */
  private boolean isSaidAlready() {
    Entity parent = at.parent;
    return at.type.equals("text/html")
        && parent != null
        && parent.type.equals("multipart/alternative")
        && parent.children.stream()
            .anyMatch(other -> other.type.equals("text/plain") && !other.body.isBlank());
  }

  /** The words of a returned mail say little; a report enclosed in it is read whole. */
  private int textMax() {
    if (!at.isText()) {
      return RETURNED_TEXT_MAX;
    }
    for (Entity above = at.parent; above != null; above = above.parent) {
      if (above.isMessage()) {
        return Math.min(RETURNED_TEXT_MAX, limits.textBytesMax());
      }
    }
    return limits.textBytesMax();
  }
}
