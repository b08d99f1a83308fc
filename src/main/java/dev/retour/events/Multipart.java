package dev.retour.events;

import dev.retour.messages.PayloadFault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.Field;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.apache.james.mime4j.stream.RawField;
import org.apache.james.mime4j.stream.RawFieldParser;
import org.apache.james.mime4j.stream.RecursionMode;
import org.jspecify.annotations.Nullable;

/**
 * An event and its files as the parts of a form (RFC 7578): {@code event} holds the JSON, {@code
 * document} the file of its document, and each {@code attachments} one more file. It is read in
 * memory and never touches the disk.
 */
public final class Multipart {
  static final String EVENT = "event";
  static final String DOCUMENT = "document";
  static final String ATTACHMENTS = "attachments";

  /** The event, its document, and as many files as an event type can allow. */
  private static final int PARTS_MAX = 27;

  private static final int HEADERS_MAX = 10;
  private static final int HEADER_BYTES_MAX = 4_000;
  private static final MimeConfig STRICT =
      MimeConfig.custom()
          .setStrictParsing(true)
          .setMaxLineLen(-1)
          .setMaxHeaderLen(HEADER_BYTES_MAX)
          .setMaxHeaderCount(HEADERS_MAX)
          .build();

  private final byte[] event;
  private final List<UploadedFile> files;

  private Multipart(byte[] event, List<UploadedFile> files) {
    this.event = event;
    this.files = List.copyOf(files);
  }

  /** What came of reading a form. */
  public sealed interface Reading {
    /** It is one. */
    record Form(Multipart parts) implements Reading {}

    /** It is none that holds an event. */
    record Unreadable(List<PayloadFault> faults) implements Reading {}
  }

  /** The JSON of the event; any bytes. */
  byte[] event() {
    return event;
  }

  List<UploadedFile> files() {
    return files;
  }

  /**
   * Reads a form.
   *
   * @param contentType {@code multipart/form-data} with its boundary
   */
  public static Reading read(byte[] body, String contentType) {
    Walk walk = new Walk();
    try {
      walk.through(body, contentType);
    } catch (IOException | MimeException | RuntimeException e) {
      // A parser fed with garbage may fail in any way.
      return unreadable("a form whose parts end with the boundary it announces", e.toString());
    }
    if (walk.fault != null) {
      return new Reading.Unreadable(List.of(walk.fault));
    }
    return walk.event == null
        ? unreadable("a part \"event\" with the event as JSON", "none")
        : new Reading.Form(new Multipart(walk.event, walk.files));
  }

  private static Reading.Unreadable unreadable(String expected, String found) {
    return new Reading.Unreadable(List.of(new PayloadFault("", expected, found)));
  }

  /** The parts of one form, one after the other. */
  private static final class Walk {
    private final List<UploadedFile> files = new ArrayList<>();
    private byte @Nullable [] event;
    private @Nullable PayloadFault fault;
    private int depth;
    private int parts;
    private Map<String, String> disposition = Map.of();
    private String contentType = "";
    private String encoding = "";

    void through(byte[] body, String type) throws IOException, MimeException {
      MimeTokenStream stream = new MimeTokenStream(STRICT);
      stream.setRecursionMode(RecursionMode.M_NO_RECURSE);
      stream.parseHeadless(new ByteArrayInputStream(body), type);
      for (EntityState state = stream.getState();
          state != EntityState.T_END_OF_STREAM && fault == null;
          state = stream.next()) {
        switch (state) {
          case T_START_BODYPART -> start();
          case T_FIELD -> field(stream.getField());
          case T_START_MULTIPART -> {
            if (++depth > 1) {
              fault = new PayloadFault("", "parts that are files", "a part that has parts");
            }
          }
          case T_BODY -> {
            if (depth == 1 && parts > 0) {
              part(stream.getInputStream().readAllBytes());
            }
          }
          default -> {}
        }
      }
    }

    private void start() {
      if (++parts > PARTS_MAX) {
        fault = new PayloadFault("", "at most " + PARTS_MAX + " parts", "more");
      }
      disposition = Map.of();
      contentType = "application/octet-stream";
      encoding = "binary";
    }

    private void field(Field field) {
      switch (field.getName().toLowerCase(Locale.ROOT)) {
        case "content-disposition" -> disposition = parameters((RawField) field);
        case "content-type" -> contentType = value(field);
        case "content-transfer-encoding" -> encoding = value(field);
        default -> {}
      }
    }

    private static String value(Field field) {
      return String.valueOf(field.getBody()).split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    /** Names are sent in UTF-8 (RFC 7578 section 5.1.2), which the parser reads. */
    private static Map<String, String> parameters(RawField field) {
      Map<String, String> parameters = new HashMap<>();
      RawFieldParser.DEFAULT
          .parseRawBody(field)
          .getParams()
          .forEach(
              pair ->
                  parameters.putIfAbsent(
                      pair.getName().toLowerCase(Locale.ROOT), String.valueOf(pair.getValue())));
      return parameters;
    }

    private void part(byte[] bytes) {
      String name = disposition.getOrDefault("name", "");
      String fileName = disposition.get("filename");
      if (!encoding.equals("binary") && !encoding.equals("8bit") && !encoding.equals("7bit")) {
        fault = new PayloadFault("", "parts as they are (RFC 7578 section 4.7)", encoding);
      } else if (name.equals(EVENT) && event == null) {
        event = bytes;
      } else if (name.equals(EVENT)) {
        fault = new PayloadFault("", "one part \"event\"", "two");
      } else if (!name.equals(DOCUMENT) && !name.equals(ATTACHMENTS)) {
        fault = new PayloadFault("", "parts called event, document or attachments", name);
      } else if (fileName == null) {
        fault = new PayloadFault("", "a file name for the part " + name, "none");
      } else {
        files.add(new UploadedFile(name, fileName, contentType, bytes));
      }
    }
  }
}
