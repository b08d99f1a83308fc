package dev.retour.console;

import dev.retour.console.Snapshot.Count;
import dev.retour.console.Snapshot.PackageRow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Reads the table {@code work_package} for the console; owned by the room delivery. */
final class ConsoleQueueStore {
  private ConsoleQueueStore() {}

  /** Queued packages by state. */
  static List<Count> queuedCounts(Handle handle, int countMax) {
    return Rows.counts(
        handle,
        """
        SELECT state AS word, count(*) AS number, (sum(count(*)) OVER ()) > :max AS more
          FROM (SELECT p.state
                  FROM (SELECT package_id FROM work_package_open
                         WHERE lane = 'mail' AND due_at IS NOT NULL
                         ORDER BY expires_at LIMIT :max + 1) o
                  JOIN work_package p ON p.id = o.package_id) queued
         GROUP BY state ORDER BY state""",
        countMax);
  }

  static List<Count> sendingCount(Handle handle, int countMax) {
    return Rows.counts(
        handle,
        """
        SELECT 'sending' AS word, count(*) AS number, count(*) > :max AS more
          FROM (SELECT 1 FROM work_package_open WHERE due_at IS NULL LIMIT :max + 1) leased
        HAVING count(*) > 0""",
        countMax);
  }

  /** Packages that wait for a person, by state. */
  static List<Count> attentionCounts(Handle handle, int countMax) {
    return Rows.counts(
        handle,
        """
        SELECT 'error' AS word, count(*) AS number, count(*) > :max AS more
          FROM (SELECT 1 FROM work_package
                 WHERE failed_at IS NOT NULL LIMIT :max + 1) failed
        HAVING count(*) > 0
        UNION ALL
        SELECT 'uncertain', count(*), count(*) > :max
          FROM (SELECT 1 FROM work_package
                 WHERE uncertain_at IS NOT NULL LIMIT :max + 1) unknown
        HAVING count(*) > 0""",
        countMax);
  }

  static Optional<Instant> nextDue(Handle handle) {
    return handle
        .createQuery(
            """
            SELECT due_at FROM work_package_open
             WHERE lane = 'mail' AND held IS NULL AND due_at IS NOT NULL
             ORDER BY due_at LIMIT 1""")
        .map((row, context) -> Rows.instant(row, "due_at"))
        .findOne();
  }

  /** The newest of each state that waits for a person, so that none hides the other. */
  static List<PackageRow> attention(Handle handle, int rows) {
    return handle
        .createQuery(
            """
            WITH failed AS (SELECT * FROM work_package
                             WHERE failed_at IS NOT NULL
                             ORDER BY failed_at DESC LIMIT :rows),
                 unknown AS (SELECT * FROM work_package
                              WHERE uncertain_at IS NOT NULL
                              ORDER BY uncertain_at DESC LIMIT :rows)
            SELECT p.id, p.state, left(p.recipient, :text) AS recipient,
                   left(p.message, :text) AS message, left(p.document, :text) AS document, p.attempts, p.failure_type,
                   p.failure_reason, left(coalesce(p.failure_text, a.reply), :text) AS words,
                   p.changed_at
              FROM (TABLE unknown UNION ALL TABLE failed) p
              LEFT JOIN attempt a ON a.id = p.attempt_id
             ORDER BY p.state DESC, p.changed_at DESC LIMIT :rows""")
        .bind("text", Rows.TEXT_MAX)
        .bind("rows", rows)
        .map(
            (row, context) ->
                new PackageRow(
                    row.getLong("id"),
                    row.getString("state"),
                    row.getString("recipient"),
                    row.getString("message"),
                    row.getString("document"),
                    row.getInt("attempts"),
                    row.getString("failure_type"),
                    Rows.number(row, "failure_reason"),
                    row.getString("words"),
                    Rows.instant(row, "changed_at")))
        .list();
  }
}
