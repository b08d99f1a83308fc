package dev.retour.delivery;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * A work package as far as its redelivery goes.
 *
 * @param spent attempts that count for the policy
 * @param dueAt the next attempt; null: none is due
 * @param request what its event asked for instead of the policy
 */
public record QueuedMail(
    long id,
    String message,
    String domain,
    String state,
    int spent,
    @Nullable Instant dueAt,
    Instant queuedAt,
    Instant expiresAt,
    RedeliveryRequest request) {

  /** The work package of this number. */
  public static Optional<QueuedMail> find(Jdbi jdbi, long id) {
    return jdbi.withHandle(handle -> new WaitingStore().find(handle, id));
  }

  /** What comes, if every attempt is refused for now; no attempt when nothing is due. */
  public RedeliveryTimeline timeline(RedeliveryRules rules) {
    RedeliverySchedule schedule = rules.scheduleFor(message, domain, request);
    Instant byPolicy = schedule.end(queuedAt);
    Instant end = expiresAt.isBefore(byPolicy) ? expiresAt : byPolicy;
    return dueAt == null
        ? new RedeliveryTimeline(List.of(), end, "the package is " + state)
        : schedule.timeline(
            id, spent, new NextAttempt.At(dueAt, "as its package says (" + state + ")"), end);
  }
}
