package dev.retour.delivery;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  /**
   * All share one content: nobody reads it, and a queue of a million is filled in half the time.
   */
  private static final String PARK =
      """
      WITH content AS (
        INSERT INTO mail_content (message_id, subject, raw, created_at)
        VALUES ('<' || gen_random_uuid() || '@parked.invalid>', 'Parked', '', :now)
        RETURNING id),
      parked AS (
        INSERT INTO work_package (processor, priority, state, recipient, recipient_key, domain,
               content_id, event_id, message, on_uncertain, attempts, attempt_id, due_at,
               expires_at, failure_type, failure_reason, failure_text, created_at, changed_at)
        SELECT 'mail', 5, 'waiting', 'parked' || i || '@d' || i % 5000 || '.example.org',
               'parked' || i || '@d' || i % 5000 || '.example.org',
               'd' || i % 5000 || '.example.org', content.id, gen_random_uuid(), 'EVTbacklog',
               'hold', 1, nextval('attempt_id_seq'),
               CAST(:now AS timestamptz) + interval '1 hour' + random() * interval '95 hours',
               :expires, 'soft', 2, '452 4.2.2 Mailbox full', :now, :now
          FROM generate_series(1, :count) AS i, content
        RETURNING id, attempt_id)
      INSERT INTO attempt (id, package_id, number, owner, phase, started_at, ended_at, reply)
      OVERRIDING SYSTEM VALUE
      SELECT attempt_id, id, 1, 'parked', 'refused', :now, :now, '452 4.2.2 Mailbox full'
        FROM parked""";

  private static final String SETTLE =
      """
      WITH ended AS (
        UPDATE attempt SET phase = 'accepted', body_sent_at = :now, ended_at = :now, reply = '250'
         WHERE id = ANY(:attempts)),
      closed AS (DELETE FROM work_package_open WHERE package_id = ANY(:ids))
      UPDATE work_package
         SET state = 'sent', due_at = NULL, lease_owner = NULL, lease_until = NULL,
             changed_at = :now
       WHERE id = ANY(:ids) AND state = 'sending'""";

  private static final String CLAIMED =
      """
      SELECT count(*) FILTER (WHERE tried = 1 AND p.attempts = 1) AS once,
             count(*) FILTER (WHERE tried > 1 OR p.attempts > 1) AS twice,
             count(*) FILTER (WHERE tried IS NULL) AS never,
             coalesce(sum(tried), 0) AS attempts
        FROM work_package p
        LEFT JOIN (SELECT package_id, count(*) AS tried FROM attempt GROUP BY package_id) a
               ON a.package_id = p.id""";

  private static final String DEAD_TUPLES =
      """
      SELECT relname, n_dead_tup FROM pg_stat_user_tables
       WHERE relname IN ('work_package', 'work_package_open', 'attempt', 'mail_content')
       ORDER BY relname""";

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
             EXISTS (SELECT 1 FROM work_package_open
                      WHERE lane = 'mail' AND held IS NULL AND due_at <= now())
             OR EXISTS (SELECT 1 FROM work_package_open WHERE due_at IS NULL) AS open""";

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

  void park(Handle handle, int count, Instant now, Instant expires) {
    handle
        .createUpdate(PARK)
        .bind("count", count)
        .bind("now", now)
        .bind("expires", expires)
        .execute();
  }

  /** As autovacuum leaves them; outside of a transaction. */
  void tidy(Handle handle) {
    handle.execute("VACUUM ANALYZE work_package");
    handle.execute("VACUUM ANALYZE work_package_open");
    handle.execute("VACUUM ANALYZE attempt");
    handle.execute("CHECKPOINT");
  }

  void settle(Handle handle, List<Long> ids, List<Long> attempts, Instant now) {
    int rows =
        handle
            .createUpdate(SETTLE)
            .bindArray("ids", Long.class, ids)
            .bindArray("attempts", Long.class, attempts)
            .bind("now", now)
            .execute();
    if (rows != ids.size()) {
      throw new IllegalStateException(
          (ids.size() - rows) + " packages just claimed are no longer being sent.");
    }
  }

  ClaimRounds.Claimed claimed(Handle handle) {
    return handle
        .createQuery(CLAIMED)
        .map(
            (row, context) ->
                new ClaimRounds.Claimed(
                    row.getLong("once"),
                    row.getLong("twice"),
                    row.getLong("never"),
                    row.getLong("attempts")))
        .one();
  }

  Map<String, Long> deadTuples(Handle handle) {
    Map<String, Long> dead = new LinkedHashMap<>();
    handle
        .createQuery(DEAD_TUPLES)
        .map((row, context) -> dead.put(row.getString(1), row.getLong(2)))
        .list();
    return dead;
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
