package dev.retour.delivery;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A work package as people see it (spec A2).
 *
 * @param role to, cc or bcc of its mail
 * @param generation 1; more when it was sent again on purpose
 * @param dueAt the next attempt, while it is queued
 * @param failure the last failure; its text stays until the next success
 * @param told who is told of a failure, and what was seen of it
 */
public record QueueEntry(
    long id,
    String processor,
    int priority,
    String state,
    String recipient,
    String role,
    String message,
    @Nullable String document,
    @Nullable UUID eventId,
    int generation,
    int attempts,
    Instant createdAt,
    Instant changedAt,
    @Nullable Instant dueAt,
    Instant expiresAt,
    @Nullable String leaseOwner,
    @Nullable Instant leaseUntil,
    @Nullable Trouble failure,
    Told told) {

  /** Why it was not accepted. */
  public record Trouble(
      @Nullable String type, @Nullable Integer reason, String text, @Nullable String rule) {}

  /**
   * Who knows.
   *
   * @param inCharge null: the fallback of the settings
   * @param deadline when somebody is told that it is still not accepted
   */
  public record Told(
      @Nullable String inCharge,
      @Nullable Instant toldAt,
      @Nullable Instant deadline,
      @Nullable Instant deadlineToldAt,
      @Nullable Instant acknowledgedAt,
      @Nullable String acknowledgedBy) {}

  /** Whether it tells the ERP a fact, and is no mail. */
  boolean isCallback() {
    return processor.equals("callback");
  }
}
