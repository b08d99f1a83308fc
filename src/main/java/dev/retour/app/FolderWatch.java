package dev.retour.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Notices that a file, or files below a folder, changed, and that they came to rest.
 *
 * <p>Two looks that agree make a change: an editor that writes a file in pieces is not read half
 * way. Looking beats listening here: it works on every file system, containers' mounts included.
 */
final class FolderWatch {
  private static final int FILES_MAX = 200_000;

  private final Path folder;
  private Map<Path, Stamp> settled;
  private Map<Path, Stamp> last;

  /** What tells one state of a file from another. */
  private record Stamp(long bytes, long modifiedNanos) {}

  FolderWatch(Path folder) {
    this.folder = folder;
    this.settled = look();
    this.last = settled;
  }

  /** One whose files count as changed, whatever they are. */
  static FolderWatch unread(Path folder) {
    FolderWatch watch = new FolderWatch(folder);
    watch.settled = Map.of();
    return watch;
  }

  Path folder() {
    return folder;
  }

  /** True for a change that has come to rest, until it is {@link #settle settled}. */
  boolean changed() {
    Map<Path, Stamp> now = look();
    boolean atRest = now.equals(last);
    last = now;
    return atRest && !now.equals(settled);
  }

  /** What was found last was taken up, or refused for good. */
  void settle() {
    settled = last;
  }

  private Map<Path, Stamp> look() {
    Map<Path, Stamp> stamps = new TreeMap<>();
    if (!Files.exists(folder)) {
      return stamps;
    }
    try (Stream<Path> files = Files.walk(folder, 8, FileVisitOption.FOLLOW_LINKS)) {
      files.limit(FILES_MAX + 1L).forEach(file -> stamp(stamps, file));
    } catch (IOException | UncheckedIOException e) {
      // A file vanished while looking: this look agrees with no other, the next one will.
      stamps.put(folder, new Stamp(-1, System.nanoTime()));
    }
    if (stamps.size() > FILES_MAX) {
      throw new IllegalStateException(
          "There are more than " + FILES_MAX + " files below " + folder + ".");
    }
    return stamps;
  }

  private static void stamp(Map<Path, Stamp> stamps, Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      if (attributes.isRegularFile()) {
        stamps.put(
            file,
            new Stamp(
                attributes.size(),
                attributes.lastModifiedTime().to(java.util.concurrent.TimeUnit.NANOSECONDS)));
      }
    } catch (NoSuchFileException e) {
      // Deleted between listing and reading: it is simply not there.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
