package dev.retour.delivery;

import java.time.Instant;
import org.jdbi.v3.core.Handle;

/** Tables {@code mail_content} and {@code work_package}, filled for a measurement. */
final class BacklogStore {
  private static final String INSERT =
      """
      WITH content AS (
        INSERT INTO mail_content (message_id, subject, raw, created_at)
        SELECT '<' || gen_random_uuid() || '@backlog.invalid>', 'Backlog', :raw, :now
          FROM generate_series(1, :count)
        RETURNING id)
      INSERT INTO work_package (processor, priority, state, recipient, recipient_key, domain,
             content_id, event_id, message, on_uncertain, due_at, expires_at, created_at, changed_at)
      SELECT 'mail', 5, 'ready', 'customer' || id || '@example.com',
             'customer' || id || '@example.com', 'example.com',
             id, gen_random_uuid(), 'EVTbacklog', 'hold', :due, :expires, :now, :now
        FROM content""";

  private static final String DRAINED =
      """
      SELECT count(*) FILTER (WHERE state = 'sent') AS sent,
             count(*) FILTER (WHERE state IN ('ready', 'waiting', 'sending')
                                AND (due_at IS NULL OR due_at <= now())) AS open,
             count(*) FILTER (WHERE state NOT IN ('sent', 'ready', 'waiting', 'sending')) AS others,
             (SELECT min(started_at) FROM attempt WHERE phase = 'accepted') AS first,
             (SELECT max(ended_at) FROM attempt WHERE phase = 'accepted') AS last
        FROM work_package""";

  /** By index only: a look at a large queue must not cost what is being measured. */
  private static final String PROGRESS =
      """
      SELECT coalesce((SELECT max(id) FROM attempt), 0) AS attempts,
             EXISTS (SELECT 1 FROM work_package
                      WHERE state IN ('ready', 'waiting') AND processor <> 'callback'
                        AND due_at <= now())
             OR EXISTS (SELECT 1 FROM work_package WHERE state = 'sending') AS open""";

  void insert(Handle handle, int count, byte[] raw, Instant now, Instant due, Instant expires) {
    handle
        .createUpdate(INSERT)
        .bind("count", count)
        .bind("raw", raw)
        .bind("now", now)
        .bind("due", due)
        .bind("expires", expires)
        .execute();
  }

  void analyze(Handle handle) {
    handle.execute("ANALYZE work_package");
    handle.execute("ANALYZE mail_content");
  }

  Backlog.Progress progress(Handle handle) {
    return handle
        .createQuery(PROGRESS)
        .map(
            (row, context) -> new Backlog.Progress(row.getLong("attempts"), row.getBoolean("open")))
        .one();
  }

  Backlog.Drained drained(Handle handle) {
    return handle
        .createQuery(DRAINED)
        .map(
            (row, context) ->
                new Backlog.Drained(
                    row.getLong("sent"),
                    row.getLong("open"),
                    row.getLong("others"),
                    instant(row.getTimestamp("first")),
                    instant(row.getTimestamp("last"))))
        .one();
  }

  private static Instant instant(java.sql.@org.jspecify.annotations.Nullable Timestamp time) {
    return time == null ? Instant.EPOCH : time.toInstant();
  }
}
