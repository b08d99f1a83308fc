package dev.retour.app;

import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where a measurement works. */
final class ScratchDir {
  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Folder for its databases, emptied afterwards (a temporary one).")
  private Path dir = Path.of(System.getProperty("java.io.tmpdir"));

  Scratch open() throws IOException {
    return new Scratch(dir);
  }
}
