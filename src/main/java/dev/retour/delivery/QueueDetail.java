package dev.retour.delivery;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A work package with all that happened to it.
 *
 * @param attempts oldest first, at most 200
 * @param log what people and parts did, oldest first, at most 200
 * @param bounces how many returned mails were matched to it
 */
public record QueueDetail(
    QueueEntry entry,
    String subject,
    String messageId,
    int bytes,
    List<Attempt> attempts,
    List<Note> log,
    long bounces) {

  /** Copies the lists. */
  public QueueDetail {
    attempts = List.copyOf(attempts);
    log = List.copyOf(log);
  }

  /** One try. */
  public record Attempt(
      int number,
      String owner,
      String phase,
      Instant startedAt,
      @Nullable Instant bodySentAt,
      @Nullable Instant endedAt,
      @Nullable String reply) {}

  /** One line of the log. */
  public record Note(Instant at, String who, String what, String text) {}
}
