package dev.retour.messages;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * The images among the files of a message: {@code images/*.png|jpg|gif}, at most 100,000 bytes. All
 * files are kept as texts; those of images have one character for each octet (ISO 8859-1), so that
 * they are archived, compared and versioned as the others are.
 */
final class ImageFile {
  static final int BYTES_MAX = 100_000;
  private static final Map<String, String> TYPES =
      Map.of("png", "image/png", "jpg", "image/jpeg", "gif", "image/gif");
  private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  private static final byte[] JPEG = {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF};
  private static final byte[] GIF = {'G', 'I', 'F', '8'};

  private ImageFile() {}

  static boolean isImage(String file) {
    return TYPES.containsKey(ending(file));
  }

  /** The media type by the ending of the name. */
  static String contentType(String file) {
    return TYPES.getOrDefault(ending(file), "application/octet-stream");
  }

  /** How the text of a file is written as octets. */
  static Charset charset(String file) {
    return isImage(file) ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8;
  }

  /** Why this is no image a mail can carry, as a sentence; nothing when it is one. */
  static Optional<String> fault(String file, byte[] bytes) {
    String[] parts = file.split("/", -1);
    if (parts.length != 3 || !parts[1].equals("images")) {
      return Optional.of("An image belongs into the folder images/ of a message or of _shared.");
    }
    if (bytes.length > BYTES_MAX) {
      return Optional.of(
          "The image is larger than " + BYTES_MAX + " bytes; link to it, or make it smaller.");
    }
    byte[] begin = ending(file).equals("png") ? PNG : ending(file).equals("jpg") ? JPEG : GIF;
    if (bytes.length < begin.length
        || !Arrays.equals(bytes, 0, begin.length, begin, 0, begin.length)) {
      return Optional.of("The file is no image of the type its ending says.");
    }
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    return text.contains("NETSCAPE2.0") || text.contains("acTL")
        ? Optional.of("The image is animated; many mail readers show its first frame only.")
        : Optional.empty();
  }

  private static String ending(String file) {
    return file.substring(file.lastIndexOf('.') + 1);
  }
}
