package dev.retour.delivery;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Table {@code error_digest}, and in {@code work_package} who was told of what. Digests themselves
 * are never told of: a failing one would make the next.
 */
final class DigestStore {
  private static final String LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('error_digest'))";

  private static final String UNTOLD =
      QueueListStore.COLUMNS
          + "\n"
          + """
          WHERE p.untold
             AND p.processor <> 'digest' AND p.acknowledged_at IS NULL
           ORDER BY p.id LIMIT :max""";

  private static final String LATE =
      QueueListStore.COLUMNS
          + "\n"
          + """
          WHERE p.late_at <= :now
           ORDER BY p.late_at LIMIT :max""";

  /** False when another sidecar is at it. */
  boolean isAlone(Handle handle) {
    return handle.createQuery(LOCK).mapTo(Boolean.class).one();
  }

  /** What failed and nobody was told of. */
  List<QueueEntry> untold(Handle handle, int max) {
    return handle.createQuery(UNTOLD).bind("max", max).map(QueueListStore::entry).list();
  }

  /** What is not accepted although its business deadline is over. */
  List<QueueEntry> late(Handle handle, int max, Instant now) {
    return handle
        .createQuery(LATE)
        .bind("max", max)
        .bind("now", now)
        .map(QueueListStore::entry)
        .list();
  }

  void told(Handle handle, Collection<Long> ids, Instant now) {
    handle
        .createUpdate(
            """
            UPDATE work_package SET told_state = state, told_at = :now
             WHERE id = ANY(:ids) AND state IN ('error', 'uncertain', 'expired')""")
        .bindArray("ids", Long.class, ids)
        .bind("now", now)
        .execute();
  }

  void lateTold(Handle handle, Collection<Long> ids, Instant now) {
    handle
        .createUpdate("UPDATE work_package SET late_told_at = :now WHERE id = ANY(:ids)")
        .bindArray("ids", Long.class, ids)
        .bind("now", now)
        .execute();
  }

  Optional<Instant> lastTold(Handle handle, String recipient) {
    return handle
        .createQuery("SELECT told_at FROM error_digest WHERE recipient = :recipient")
        .bind("recipient", recipient)
        .map((row, context) -> row.getTimestamp("told_at").toInstant())
        .findOne();
  }

  void toldPerson(Handle handle, String recipient, Instant now) {
    handle
        .createUpdate(
            """
            INSERT INTO error_digest (recipient, told_at) VALUES (:recipient, :now)
            ON CONFLICT (recipient) DO UPDATE SET told_at = excluded.told_at""")
        .bind("recipient", recipient)
        .bind("now", now)
        .execute();
  }
}
