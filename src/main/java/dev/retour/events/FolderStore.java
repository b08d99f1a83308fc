package dev.retour.events;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Files below one folder (CWE-22, CWE-59, CWE-367). A key is a relative path; what it leads to must
 * really lie below the folder. It is then opened step by step from the folder downwards without
 * following any link, so that nobody can exchange a part of the path after it was looked at.
 */
final class FolderStore implements FileStore {
  private static final String KEY =
      "a path within the store such as 2026/INV-1.pdf: no slash at its begin, none twice, no"
          + " backslash, and neither . nor .. between slashes";
  private static final Set<OpenOption> READ =
      Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

  private final String id;
  private final Path folder;

  FolderStore(String id, Path folder) {
    this.id = id;
    this.folder = folder;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public FileAnswer fetch(String key, int bytesMax) {
    List<String> names = Arrays.asList(key.split("/", -1));
    boolean plain =
        key.indexOf('\\') < 0
            && names.stream()
                .noneMatch(name -> name.isEmpty() || name.equals(".") || name.equals(".."));
    if (!plain) {
      return new FileAnswer.Refused(KEY, "\"" + key + "\"");
    }
    Path root;
    try {
      root = folder.toRealPath();
    } catch (IOException e) {
      return away("its folder cannot be found");
    }
    try {
      Path real = root.resolve(key).toRealPath();
      if (!real.startsWith(root) || real.equals(root)) {
        return new FileAnswer.Refused("a file within the store " + id, "a link that leads out");
      }
      return open(root, root.relativize(real), bytesMax);
    } catch (InvalidPathException e) {
      return new FileAnswer.Refused(KEY, "\"" + key + "\"");
    } catch (NoSuchFileException | NotDirectoryException e) {
      return missing();
    } catch (AccessDeniedException e) {
      return new FileAnswer.Refused("a file that Retour may read", "one that it may not");
    } catch (FileSystemException e) {
      // A name that is too long, a path through a file, a loop of links.
      return Files.isDirectory(root) ? missing() : away("its folder cannot be read");
    } catch (IOException e) {
      return away("the file cannot be read (" + e.getMessage() + ")");
    }
  }

  private FileAnswer missing() {
    return new FileAnswer.Refused("the key of a file in the store " + id, "no such file");
  }

  private FileAnswer.Away away(String why) {
    return new FileAnswer.Away("The store " + id + " does not answer: " + why + ".");
  }

  private FileAnswer open(Path root, Path relative, int bytesMax) throws IOException {
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(root)) {
      if (stream instanceof SecureDirectoryStream<Path> secure) {
        return open(secure, relative, bytesMax);
      }
    }
    return openByPath(root.resolve(relative), bytesMax);
  }

  private FileAnswer open(SecureDirectoryStream<Path> at, Path relative, int bytesMax)
      throws IOException {
    Path first = relative.getName(0);
    if (relative.getNameCount() > 1) {
      Path rest = relative.subpath(1, relative.getNameCount());
      try (SecureDirectoryStream<Path> below =
          at.newDirectoryStream(first, LinkOption.NOFOLLOW_LINKS)) {
        return open(below, rest, bytesMax);
      }
    }
    BasicFileAttributeView view =
        at.getFileAttributeView(first, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    return read(view::readAttributes, () -> at.newByteChannel(first, READ), bytesMax);
  }

  /** Where the system cannot open relative to a folder: looked at once more when it is open. */
  private FileAnswer openByPath(Path file, int bytesMax) throws IOException {
    FileAnswer answer =
        read(
            () -> Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS),
            () -> Files.newByteChannel(file, READ),
            bytesMax);
    return file.toRealPath().equals(file) ? answer : changed();
  }

  private interface Attributes {
    BasicFileAttributes read() throws IOException;
  }

  private interface Opening {
    SeekableByteChannel open() throws IOException;
  }

  /** Devices and pipes are not even opened: that alone can have effects, or wait for ever. */
  private FileAnswer read(Attributes attributes, Opening opening, int bytesMax) throws IOException {
    BasicFileAttributes before = attributes.read();
    if (!before.isRegularFile()) {
      return new FileAnswer.Refused("a file", before.isDirectory() ? "a folder" : "no plain file");
    }
    if (before.size() == 0) {
      return new FileAnswer.Refused("a file with content", "an empty file");
    }
    if (before.size() > bytesMax) {
      return tooLong(bytesMax, before.size() + " bytes");
    }
    try (SeekableByteChannel channel = opening.open()) {
      if (!Objects.equals(before.fileKey(), attributes.read().fileKey())) {
        return changed();
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) before.size() + 1);
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // goes on until its end
      }
      return bytes.position() == before.size()
          ? new FileAnswer.Found(Arrays.copyOf(bytes.array(), bytes.position()))
          : changed();
    }
  }

  static FileAnswer.Refused tooLong(int bytesMax, String found) {
    return new FileAnswer.Refused("a file of at most " + bytesMax + " bytes", found);
  }

  private FileAnswer.Away changed() {
    return away("the file is being written");
  }
}
