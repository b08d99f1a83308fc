package dev.retour.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A disk that can really be full: a small tmpfs. Root mounts it; anybody else mounts it in a name
 * space of their own and reaches it through {@code /proc}. Where neither is allowed there is none.
 */
public final class SmallDisk implements AutoCloseable {
  /** Why {@link #at} gives none. */
  public static final String NONE =
      "no small disk could be mounted here (needs root with CAP_SYS_ADMIN, or user name spaces)";

  private static final int[] BLOCKS = {1 << 20, 4096, 1};
  private static final long WAIT_SECONDS = 10;
  private static final String BALLAST = "ballast";

  private final Path path;
  private final @Nullable Process holder;

  private SmallDisk(Path path, @Nullable Process holder) {
    this.path = path;
    this.holder = holder;
  }

  /** A disk of so many megabytes on an empty folder. */
  public static Optional<SmallDisk> at(Path folder, int megabytes)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    String size = "size=" + megabytes + "m,mode=0755";
    if (System.getProperty("user.name").equals("root")) {
      // In a name space of its own PostgreSQL, which leaves root, could not reach it.
      return run(List.of("mount", "-t", "tmpfs", "-o", size, "tmpfs", folder.toString()))
          ? Optional.of(new SmallDisk(folder, null))
          : Optional.empty();
    }
    try {
      Process holder =
          new ProcessBuilder(
                  "unshare",
                  "-Urm",
                  "sh",
                  "-c",
                  "mount -t tmpfs -o \"$1\" tmpfs \"$2\" && echo mounted && cat",
                  "sh",
                  size,
                  folder.toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      BufferedReader out = holder.inputReader();
      return "mounted".equals(out.readLine())
          ? Optional.of(new SmallDisk(Path.of("/proc/" + holder.pid() + "/root" + folder), holder))
          : Optional.empty();
    } catch (IOException noSuchProgram) {
      return Optional.empty();
    }
  }

  public Path path() {
    return path;
  }

  /** Writes somebody else's file until not a byte more is taken. */
  public void fill() throws IOException {
    try (OutputStream out =
        Files.newOutputStream(
            path.resolve(BALLAST),
            java.nio.file.StandardOpenOption.CREATE,
            java.nio.file.StandardOpenOption.APPEND)) {
      for (int block : BLOCKS) {
        write(out, new byte[block]);
      }
    }
  }

  /** Removes that file. */
  public void free() throws IOException {
    Files.deleteIfExists(path.resolve(BALLAST));
  }

  @Override
  public void close() {
    try {
      if (holder == null) {
        run(List.of("umount", "-l", path.toString()));
      } else {
        holder.destroyForcibly().waitFor();
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void write(OutputStream out, byte[] block) {
    try {
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      // No space left on device: what this is about.
    }
  }

  private static boolean run(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
  }
}
