package dev.retour.delivery;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * Table {@code attempt}. Its phase is the arbiter between a sender and whoever takes its package
 * for dead: {@code claimed} can become either {@code body_sent} (the sender was faster) or {@code
 * lost} (the other was), never both.
 */
final class AttemptStore {
  private static final String BODY_SENT =
      """
      UPDATE attempt SET phase = 'body_sent', body_sent_at = :now
       WHERE id = ANY(:ids) AND phase = 'claimed'
      RETURNING id""";

  private static final String LOST =
      """
      UPDATE attempt SET phase = 'lost', ended_at = :now, reply = :reply
       WHERE id = :id AND phase = 'claimed'""";

  private static final String ENDED =
      """
      UPDATE attempt SET phase = :phase, ended_at = :now, reply = :reply
       WHERE id = :id""";

  private static final String OF_PACKAGE =
      """
      SELECT * FROM (SELECT * FROM attempt WHERE package_id = :package
                      ORDER BY number DESC LIMIT :max) newest ORDER BY number""";

  private static final String WAS_BODY_SENT =
      "SELECT body_sent_at IS NOT NULL FROM attempt WHERE id = :id";

  /** Those whose final dot may be sent; the others were given up for dead. */
  Set<Long> bodySent(Handle handle, List<Long> ids, Instant now) {
    return handle
        .createQuery(BODY_SENT)
        .bindArray("ids", Long.class, ids)
        .bind("now", now)
        .mapTo(Long.class)
        .set();
  }

  /** True when the attempt had not yet reached {@code body_sent} and never will. */
  boolean lost(Handle handle, long id, String reply, Instant now) {
    return handle.createUpdate(LOST).bind("id", id).bind("reply", reply).bind("now", now).execute()
        == 1;
  }

  void ended(Handle handle, long id, String phase, String reply, Instant now) {
    int rows =
        handle
            .createUpdate(ENDED)
            .bind("id", id)
            .bind("phase", phase)
            .bind("reply", reply)
            .bind("now", now)
            .execute();
    if (rows != 1) {
      throw new IllegalStateException("Attempt " + id + " is not known.");
    }
  }

  /** The newest of a package, oldest first. */
  List<QueueDetail.Attempt> of(Handle handle, long packageId, int max) {
    return handle
        .createQuery(OF_PACKAGE)
        .bind("package", packageId)
        .bind("max", max)
        .map(
            (row, context) ->
                new QueueDetail.Attempt(
                    row.getInt("number"),
                    row.getString("owner"),
                    row.getString("phase"),
                    row.getTimestamp("started_at").toInstant(),
                    QueueListStore.instant(row, "body_sent_at"),
                    QueueListStore.instant(row, "ended_at"),
                    row.getString("reply")))
        .list();
  }

  boolean wasBodySent(Handle handle, long id) {
    return handle.createQuery(WAS_BODY_SENT).bind("id", id).mapTo(Boolean.class).one();
  }
}
