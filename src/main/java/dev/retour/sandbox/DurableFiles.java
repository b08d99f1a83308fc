package dev.retour.sandbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** Files that are either there as a whole, on disk, or not at all: a kill leaves no torn mail. */
final class DurableFiles {
  private static final String UNFINISHED = ".unfinished";

  private DurableFiles() {}

  /** Writes the bytes in the order given; returns when they and the name are on disk. */
  static void write(Path file, byte[]... contents) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException("A file needs a folder: " + file);
    }
    Path unfinished = folder.resolve(file.getFileName() + UNFINISHED);
    try (FileChannel channel =
        FileChannel.open(
            unfinished,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      for (byte[] content : contents) {
        ByteBuffer buffer = ByteBuffer.wrap(content);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
      }
      channel.force(true);
    }
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
      entries.force(true);
    }
  }

  /**
   * The finished {@code .eml} files of a folder by name; what a kill left unfinished is removed.
   */
  static List<Path> list(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> entries = Files.list(folder)) {
      all = entries.sorted().toList();
    }
    for (Path entry : all) {
      if (entry.toString().endsWith(UNFINISHED)) {
        Files.deleteIfExists(entry);
      }
    }
    return all.stream().filter(entry -> entry.toString().endsWith(".eml")).toList();
  }

  /** A name that sorts like its number. */
  static String name(long number) {
    return String.format("%012d.eml", number);
  }

  /** The number in a name given by {@link #name}. */
  static long number(Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    try {
      return Long.parseLong(name.substring(0, name.length() - ".eml".length()));
    } catch (NumberFormatException e) {
      throw new IOException("A file of another program lies in the sandbox's folder: " + file, e);
    }
  }
}
