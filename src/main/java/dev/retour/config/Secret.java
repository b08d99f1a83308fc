package dev.retour.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A password a rule points to.
 *
 * @param text as read when the rules were loaded
 * @param file where it stands; null: in the environment, which does not change
 */
public record Secret(String text, @Nullable Path file) {
  public static final Secret NONE = new Secret("", null);

  private static final long FILE_BYTES_MAX = 10_000;

  /** What stands there now; nothing when it cannot be read or is empty. */
  public Optional<String> now() {
    return file == null ? Optional.of(text) : read(file);
  }

  static Optional<String> read(Path file) {
    try {
      return Files.size(file) > FILE_BYTES_MAX
          ? Optional.empty()
          : Optional.of(Files.readString(file, StandardCharsets.UTF_8).strip())
              .filter(content -> !content.isEmpty());
    } catch (IOException e) {
      return Optional.empty(); // the caller says what that means
    }
  }

  @Override
  public String toString() {
    return "***";
  }
}
