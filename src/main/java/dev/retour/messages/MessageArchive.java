package dev.retour.messages;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.LocalDateTime;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * The files of a version as one zip: what is stored, exported and imported. What it reads may come
 * from strangers, so every name and size is checked before anything is kept.
 */
final class MessageArchive {
  private static final int FILES_MAX = 500;
  private static final int FILE_BYTES_MAX = 1_000_000;
  static final int BYTES_MAX = 10_000_000;
  private static final int NAME_CHARS_MAX = 200;
  private static final String AUTHORED = "._-/";
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private MessageArchive() {}

  /** An archive that is refused; the message is a sentence for people. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String sentence) {
      super(sentence);
    }
  }

  /** The texts by their path below the folder of messages. */
  static byte[] write(SortedMap<String, String> texts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8)) {
      for (var each : texts.entrySet()) {
        add(zip, each.getKey(), each.getValue().getBytes(ImageFile.charset(each.getKey())));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Writing to memory cannot fail.", e);
    }
    return out.toByteArray();
  }

  /** Adds a file, without a time, so that the same files make the same archive. */
  static void add(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(NO_TIME);
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }

  /**
   * Reads what {@link #write} wrote, or what somebody claims it did.
   *
   * @throws Refused when it is empty, no zip, too large, or a name leads out of the folder of
   *     messages
   */
  static SortedMap<String, String> read(byte[] archive) throws Refused {
    SortedMap<String, String> texts = texts(archive, AUTHORED);
    if (texts.isEmpty()) {
      throw new Refused("The archive is empty, or no zip.");
    }
    return texts;
  }

  /** The same for what was compiled of them, which may be nothing. */
  static SortedMap<String, String> readCompiled(byte[] archive) throws Refused {
    return texts(archive, AUTHORED + "#");
  }

  private static SortedMap<String, String> texts(byte[] archive, String signs) throws Refused {
    SortedMap<String, String> texts = new TreeMap<>();
    long total = 0;
    try (ZipInputStream zip =
        new ZipInputStream(new ByteArrayInputStream(archive), StandardCharsets.UTF_8)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (entry.isDirectory()) {
          continue;
        }
        String name = entry.getName();
        requireName(name, signs);
        byte[] bytes = zip.readNBytes(FILE_BYTES_MAX + 1);
        total += bytes.length;
        if (bytes.length > FILE_BYTES_MAX || total > BYTES_MAX || texts.size() >= FILES_MAX) {
          throw new Refused(
              "The archive is too large: at most "
                  + FILES_MAX
                  + " files, "
                  + FILE_BYTES_MAX
                  + " bytes each, "
                  + BYTES_MAX
                  + " together.");
        }
        if (texts.put(name, text(name, bytes)) != null) {
          throw new Refused("The archive has " + name + " twice.");
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new Refused("The archive is no zip that can be read (" + e.getMessage() + ").");
    }
    return texts;
  }

  /** SHA-256 over names and contents: the same for the same files, however they were packed. */
  static byte[] digest(SortedMap<String, String> texts) {
    MessageDigest sha256 = Sha256.begin();
    texts.forEach(
        (name, text) -> {
          update(sha256, name);
          update(sha256, text);
        });
    return sha256.digest();
  }

  private static void update(MessageDigest sha256, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    sha256.update(bytes);
  }

  private static String text(String name, byte[] bytes) throws Refused {
    try {
      return ImageFile.charset(name).newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new Refused("The file " + name + " in the archive is not in UTF-8.");
    }
  }

  private static void requireName(String name, String signs) throws Refused {
    if (!isPlain(name, signs)) {
      throw new Refused(
          "The archive names a file that no folder of messages has: "
              + name.substring(0, Math.min(NAME_CHARS_MAX, name.length())).replaceAll("\\p{C}", "?")
              + ".");
    }
  }

  /** Whether a version may hold a file of this path below the folder of messages. */
  static boolean isPlain(String name) {
    return isPlain(name, AUTHORED);
  }

  /** Parts of letters, digits, dots, hyphens and underscores; none of them leads upwards. */
  private static boolean isPlain(String name, String signs) {
    boolean plain =
        name.length() <= NAME_CHARS_MAX
            && name.chars()
                .allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || signs.indexOf(c) >= 0));
    String[] parts = name.split("/", -1);
    boolean below = parts.length >= 2;
    for (String part : parts) {
      below &= !part.isEmpty() && !part.startsWith(".");
    }
    return plain && below;
  }
}
