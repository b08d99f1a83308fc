package dev.retour.events;

import dev.retour.store.Columns;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Table {@code event_refusal}. */
final class RefusalStore {
  /** Of one event type within an hour; the log has the others. */
  static final int KEPT_MAX = 100;

  private static final Duration WITHIN = Duration.ofHours(1);

  /** Keeps refusals of one event type, as many as still fit into the hour. */
  void insert(Handle handle, List<Refusal> refusals, int answer, String text, Instant now) {
    handle
        .createUpdate(
            """
            INSERT INTO event_refusal
                   (at, event_type, email_key, document_id, idempotency_key, answer, text)
            SELECT :now, event_type, email_key, document_id, idempotency_key, :answer, :text
              FROM unnest(:types, :emails, :documents, :keys)
                   WITH ORDINALITY AS r (event_type, email_key, document_id, idempotency_key, n)
             WHERE n <= :max - (SELECT count(*) FROM (SELECT 1 FROM event_refusal
                                 WHERE event_type = :type AND at > :from LIMIT :max) AS kept)""")
        .bind("now", now)
        .bind("answer", answer)
        .bind("text", text)
        .bind("types", Columns.texts(refusals, Refusal::eventType))
        .bind("emails", Columns.texts(refusals, Refusal::emailKey))
        .bind("documents", Columns.texts(refusals, Refusal::documentId))
        .bind("keys", Columns.texts(refusals, Refusal::idempotencyKey))
        .bind("type", refusals.get(0).eventType())
        .bind("from", now.minus(WITHIN))
        .bind("max", KEPT_MAX)
        .execute();
  }

  /**
   * Refusals by filters, the newest first; statuses have no meaning here.
   *
   * @param after only those with a lower id
   */
  List<RefusalView> list(Handle handle, EventFilter filter, long after, int max) {
    return handle
        .createQuery(
            """
            SELECT * FROM event_refusal
             WHERE id < :after
               AND (CAST(:type AS text) IS NULL OR event_type = :type)
               AND (CAST(:recipient AS text) IS NULL OR email_key = :recipient)
               AND (CAST(:document AS text) IS NULL OR document_id = :document)
               AND (CAST(:from AS timestamptz) IS NULL OR at >= :from)
               AND (CAST(:until AS timestamptz) IS NULL OR at < :until)
             ORDER BY id DESC LIMIT :max""")
        .bind("after", after)
        .bind("type", filter.type())
        .bind("recipient", filter.recipientKey())
        .bind("document", filter.document())
        .bind("from", filter.from())
        .bind("until", filter.until())
        .bind("max", max)
        .map(
            (row, context) ->
                new RefusalView(
                    row.getLong("id"),
                    row.getTimestamp("at").toInstant(),
                    row.getString("event_type"),
                    row.getString("email_key"),
                    row.getString("document_id"),
                    row.getString("idempotency_key"),
                    row.getInt("answer"),
                    row.getString("text")))
        .list();
  }

  /** Of the oldest so many those before a time: they are numbered as they come. */
  int deleteBefore(Handle handle, Instant before, int max) {
    return handle
        .createUpdate(
            """
            DELETE FROM event_refusal
             WHERE id IN (SELECT id FROM event_refusal ORDER BY id LIMIT :max) AND at < :before""")
        .bind("before", before)
        .bind("max", max)
        .execute();
  }
}
