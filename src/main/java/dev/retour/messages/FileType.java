package dev.retour.messages;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How files of a media type begin. Types without a mark of their own are taken as they are: the
 * event type has named them.
 */
enum FileType {
  PDF("255044462d"),
  PNG("89504e470d0a1a0a"),
  JPEG("ffd8ff"),
  GIF("474946383761", "474946383961"),
  /** Also OOXML and OpenDocument, which are archives. */
  ZIP("504b0304", "504b0506"),
  XML,
  OTHER;

  private static final int LOOKED_AT_BYTES = 256;
  private static final String OOXML = "application/vnd.openxmlformats-officedocument.";
  private static final String OPEN_DOCUMENT = "application/vnd.oasis.opendocument.";

  private final String marks;

  /** Each mark in hexadecimal. */
  FileType(String... marks) {
    this.marks = String.join(" ", marks);
  }

  private List<byte[]> beginnings() {
    return marks.isEmpty()
        ? List.of()
        : Stream.of(marks.split(" ", -1)).map(HexFormat.of()::parseHex).toList();
  }

  static FileType of(String contentType) {
    String type = contentType.toLowerCase(Locale.ROOT);
    if (type.startsWith(OOXML)) {
      return ZIP;
    }
    if (type.startsWith(OPEN_DOCUMENT)) {
      return type.endsWith("-flat-xml") ? XML : ZIP;
    }
    if (type.endsWith("+zip")) {
      return ZIP;
    }
    if (type.endsWith("+xml")) {
      return XML;
    }
    return switch (type) {
      case "application/pdf" -> PDF;
      case "image/png" -> PNG;
      case "image/jpeg" -> JPEG;
      case "image/gif" -> GIF;
      case "application/zip" -> ZIP;
      case "application/xml", "text/xml" -> XML;
      default -> OTHER;
    };
  }

  /** Whether bytes can be a file of this type. */
  boolean begins(byte[] bytes) {
    if (this == XML) {
      return beginsAsXml(bytes);
    }
    return this == OTHER || beginnings().stream().anyMatch(mark -> startsWith(bytes, mark));
  }

  private static boolean startsWith(byte[] bytes, byte[] mark) {
    return bytes.length > mark.length && Arrays.equals(bytes, 0, mark.length, mark, 0, mark.length);
  }

  /** Behind a byte order mark and white space, in UTF-8 or UTF-16, stands a tag. */
  private static boolean beginsAsXml(byte[] bytes) {
    int end = Math.min(bytes.length, LOOKED_AT_BYTES);
    int at = 0;
    if (end > 2 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF) {
      at = 3;
    } else if (end > 1
        && ((bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF)
            || (bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE))) {
      at = 2;
    }
    while (at < end && (bytes[at] == 0 || Character.isWhitespace(bytes[at]))) {
      at++;
    }
    return at < end && bytes[at] == '<';
  }

  /** A small file of this type, for samples. */
  byte[] sample() {
    if (this == PDF) {
      return SamplePdf.bytes();
    }
    byte[] text = "<sample/>\n".getBytes(StandardCharsets.US_ASCII);
    byte[] mark = beginnings().stream().findFirst().orElse(new byte[0]);
    byte[] sample = new byte[mark.length + text.length];
    System.arraycopy(mark, 0, sample, 0, mark.length);
    System.arraycopy(text, 0, sample, mark.length, text.length);
    return sample;
  }

  /** The ending of a file's name. */
  String ending() {
    return switch (this) {
      case PDF, PNG, GIF, ZIP, XML -> name().toLowerCase(Locale.ROOT);
      case JPEG -> "jpg";
      case OTHER -> "bin";
    };
  }
}
