package dev.retour.messages;

import dev.retour.messages.MessageTransfer.RefusedException;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link MessageTransfer#exported} wrote, or what somebody claims it did: one message in
 * memory at a time, and each size checked before the rest is unpacked.
 */
final class TransferArchive {
  private static final int MESSAGES_MAX = 5_000;
  private static final int MESSAGE_BYTES_MAX = 5_000_000;
  private static final long BYTES_MAX = 200_000_000;
  private static final String ENDING = ".zip";

  private TransferArchive() {}

  /** Takes one message after the other. */
  interface Taker {
    void take(Draft draft) throws RefusedException;
  }

  /**
   * Hands out each message of an archive, as it comes in it.
   *
   * @throws RefusedException when it is no archive of messages, or what the taker throws
   * @throws UncheckedIOException when the file cannot be read
   */
  static void read(Path archive, Taker taker) throws RefusedException {
    Set<String> seen = new HashSet<>();
    long total = 0;
    try (ZipInputStream zip =
        new ZipInputStream(Files.newInputStream(archive), StandardCharsets.UTF_8)) {
      for (ZipEntry entry = next(zip); entry != null; entry = next(zip)) {
        byte[] bytes = bytes(zip);
        total += bytes.length;
        if (bytes.length > MESSAGE_BYTES_MAX
            || total > BYTES_MAX
            || seen.size() > MESSAGES_MAX
            || !seen.add(entry.getName())) {
          throw notExported();
        }
        if (!entry.getName().equals(MessageTransfer.MANIFEST)) {
          taker.take(draft(entry.getName(), bytes));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (seen.stream().allMatch(MessageTransfer.MANIFEST::equals)) {
      throw notExported();
    }
  }

  private static @Nullable ZipEntry next(ZipInputStream zip) throws IOException, RefusedException {
    try {
      return zip.getNextEntry();
    } catch (ZipException | EOFException | IllegalArgumentException e) {
      throw notExported();
    }
  }

  private static byte[] bytes(ZipInputStream zip) throws IOException, RefusedException {
    try {
      return zip.readNBytes(MESSAGE_BYTES_MAX + 1);
    } catch (ZipException | EOFException e) {
      throw notExported();
    }
  }

  private static Draft draft(String name, byte[] bytes) throws RefusedException {
    String id = name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : "";
    if (!MessageFiles.isEventTypeId(id)) {
      throw notExported();
    }
    try {
      return new Draft(id, MessageArchive.read(bytes));
    } catch (MessageArchive.Refused e) {
      throw new RefusedException(name + ": " + e.getMessage(), List.of());
    }
  }

  static RefusedException notExported() {
    return new RefusedException(
        "This is no archive of ./retour messages export, or it is too large.", List.of());
  }
}
