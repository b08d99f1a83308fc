package dev.retour.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;

/**
 * Real time plus an offset that only grows, so that a schedule of days can be watched in seconds.
 *
 * <p>The offset is a file of the sandbox: another process may move the clock, and after a restart
 * time does not go back behind what the database has already seen.
 */
public final class SandboxClock implements InstantSource {
  private static final String FILE = "clock";
  private static final Duration MOVE_MAX = Duration.ofDays(366);
  private static final Duration OFFSET_MAX = Duration.ofDays(10 * 366);
  private static final int TEXT_CHARS_MAX = 100;

  private final Path dir;
  private final InstantSource real;
  private volatile Duration offset;

  private SandboxClock(Path dir, InstantSource real, Duration offset) {
    this.dir = dir;
    this.real = real;
    this.offset = offset;
  }

  /**
   * The clock of a sandbox.
   *
   * @param dir {@code sandbox.dir}
   * @throws SandboxException when its file cannot be read
   */
  public static SandboxClock of(Path dir, InstantSource real) {
    return new SandboxClock(dir, real, stored(dir));
  }

  /** The file that holds the offset; absent while it is zero. */
  public static Path file(Path dir) {
    return dir.resolve(FILE);
  }

  @Override
  public Instant instant() {
    return real.instant().plus(offset);
  }

  /** How far ahead of real time it is. */
  public Duration offset() {
    return offset;
  }

  /**
   * Takes up an offset another process has stored; a smaller one is passed over until the next
   * start, as time never goes back in a running engine.
   *
   * @throws SandboxException when the file cannot be read
   */
  public synchronized void refresh() {
    Duration stored = stored(dir);
    if (stored.compareTo(offset) > 0) {
      offset = stored;
    }
  }

  /**
   * Moves the clock forward, durably.
   *
   * @throws SandboxException with one sentence when it is no step forward, is too far, or cannot be
   *     stored
   */
  public synchronized void advance(Duration by) {
    if (by.isZero() || by.isNegative() || by.compareTo(MOVE_MAX) > 0) {
      throw new SandboxException(
          "The sandbox clock moves forward only, by at most " + MOVE_MAX.toDays() + "d at a time.");
    }
    Duration moved = offset.plus(by);
    if (moved.compareTo(OFFSET_MAX) > 0) {
      throw new SandboxException(
          "The sandbox clock would be more than "
              + OFFSET_MAX.toDays()
              + "d ahead; stop the engine and begin anew with ./retour sandbox clock reset.");
    }
    try {
      Files.createDirectories(dir);
      DurableFiles.write(file(dir), moved.toString().getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new SandboxException("The sandbox clock cannot be stored in " + file(dir) + ".", e);
    }
    offset = moved;
  }

  /**
   * Back to real time from the next start on. Only for an engine that is stopped.
   *
   * @throws SandboxException when the file cannot be removed
   */
  public static void reset(Path dir) {
    try {
      Files.deleteIfExists(file(dir));
    } catch (IOException e) {
      throw new SandboxException("The file " + file(dir) + " cannot be removed.", e);
    }
  }

  private static Duration stored(Path dir) {
    Path file = file(dir);
    try {
      if (!Files.exists(file)) {
        return Duration.ZERO;
      }
      String text = new String(Files.readAllBytes(file), StandardCharsets.US_ASCII).strip();
      Duration stored = Duration.parse(text.substring(0, Math.min(text.length(), TEXT_CHARS_MAX)));
      if (stored.isNegative() || stored.compareTo(OFFSET_MAX) > 0) {
        throw new SandboxException("The offset in " + file + " is out of bounds; remove it.");
      }
      return stored;
    } catch (IOException | DateTimeParseException | ArithmeticException e) {
      throw new SandboxException(
          "The file " + file + " of the sandbox clock cannot be read; remove it.", e);
    }
  }
}
