package dev.retour.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A command that prints an access token: no shell, bounded in time and output. What it prints
 * otherwise is thrown away, for it may hold a secret.
 */
final class TokenCommand implements FreshToken.Source {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int OUTPUT_BYTES_MAX = 65_536;

  private final List<String> command;
  private final Duration patience;

  TokenCommand(List<String> command) {
    this(command, PATIENCE);
  }

  TokenCommand(List<String> command, Duration patience) {
    this.command = List.copyOf(command);
    this.patience = patience;
  }

  @Override
  public FreshToken fetch() throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .redirectInput(ProcessBuilder.Redirect.from(nothing()))
            .start();
    // Ended from outside: reading its output must not wait for ever.
    Thread guard = new Thread(() -> endInTime(process), "token-command-guard");
    guard.setDaemon(true);
    guard.start();
    try (InputStream out = process.getInputStream()) {
      byte[] printed = out.readNBytes(OUTPUT_BYTES_MAX + 1);
      if (printed.length > OUTPUT_BYTES_MAX) {
        throw new IOException(name() + " prints more than " + OUTPUT_BYTES_MAX + " bytes.");
      }
      int code = process.waitFor();
      if (code != 0) {
        throw new IOException(name() + " ended with code " + code + " or took too long.");
      }
      return FreshToken.read(new String(printed, StandardCharsets.UTF_8), name());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(name() + " was interrupted.", e);
    } finally {
      process.destroyForcibly();
      guard.interrupt();
    }
  }

  private void endInTime(Process process) {
    try {
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private static java.io.File nothing() {
    boolean windows = java.io.File.separatorChar == '\\';
    return new java.io.File(windows ? "NUL" : "/dev/null");
  }

  private String name() {
    return "The token command " + command.get(0);
  }
}
