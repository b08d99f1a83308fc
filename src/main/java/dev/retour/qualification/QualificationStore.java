package dev.retour.qualification;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Table {@code qualification}. */
final class QualificationStore {
  private static final String COLUMNS =
      """
      id, text, first_text, occurrences, status, failure_type, failure_reason, rule_id,
             first_seen_at, last_seen_at, decided_by""";

  /**
   * A kind of text.
   *
   * @param key what all its texts have in common
   * @param text normalised, for people
   * @param said the text as it was said this time; bounded
   */
  record Kind(String key, String text, String said) {}

  /** Counts a text; the row as it is then. */
  QualifiedText count(Handle handle, Kind kind, Verdict byRules, Instant now) {
    return handle
        .createQuery(
            """
            INSERT INTO qualification AS q (key_sha256, text, first_text, occurrences, status,
                   failure_type, failure_reason, rule_id, first_seen_at, last_seen_at)
            VALUES (:hash, :text, :said, 1, 'to-qualify', :type, :reason, :rule, :now, :now)
            ON CONFLICT ON CONSTRAINT qualification_once DO UPDATE
               SET occurrences = least(q.occurrences + 1, :most),
                   last_seen_at = greatest(q.last_seen_at, EXCLUDED.last_seen_at),
                   failure_type = CASE q.status WHEN 'to-qualify' THEN EXCLUDED.failure_type
                                                ELSE q.failure_type END,
                   failure_reason = CASE q.status WHEN 'to-qualify' THEN EXCLUDED.failure_reason
                                                  ELSE q.failure_reason END,
                   rule_id = CASE q.status WHEN 'to-qualify' THEN EXCLUDED.rule_id END
            RETURNING
            """
                + COLUMNS)
        .bind("hash", sha256(kind.key()))
        .bind("text", kind.text())
        .bind("said", kind.said())
        .bind("most", QualificationTable.OCCURRENCES_MAX)
        .bind("type", byRules.type().label())
        .bind("reason", byRules.reason().code())
        .bind("rule", byRules.ruleId())
        .bind("now", now)
        .map((row, context) -> row(row))
        .one();
  }

  Optional<QualifiedText> byKey(Handle handle, String key) {
    return handle
        .createQuery("SELECT " + COLUMNS + " FROM qualification WHERE key_sha256 = :hash")
        .bind("hash", sha256(key))
        .map((row, context) -> row(row))
        .findOne();
  }

  Optional<QualifiedText> byId(Handle handle, long id) {
    return handle
        .createQuery("SELECT " + COLUMNS + " FROM qualification WHERE id = :id")
        .bind("id", id)
        .map((row, context) -> row(row))
        .findOne();
  }

  /** The most frequent first. */
  List<QualifiedText> list(
      Handle handle, @Nullable QualificationStatus status, @Nullable String part, int max) {
    return handle
        .createQuery(
            "SELECT "
                + COLUMNS
                + """

                  FROM qualification
                 WHERE (CAST(:status AS text) IS NULL OR status = :status)
                   AND (CAST(:part AS text) IS NULL
                        OR position(lower(:part) IN lower(text)) > 0
                        OR position(lower(:part) IN lower(first_text)) > 0)
                 ORDER BY occurrences DESC, last_seen_at DESC, id
                 LIMIT :max""")
        .bind("status", status == null ? null : status.label())
        .bind("part", part)
        .bind("max", max)
        .map((row, context) -> row(row))
        .list();
  }

  /** False when there is no such row. */
  boolean decide(Handle handle, QualifiedText decided, Instant now) {
    boolean person = decided.status() != QualificationStatus.TO_QUALIFY;
    return handle
            .createUpdate(
                """
                UPDATE qualification
                   SET status = :status, failure_type = :type, failure_reason = :reason,
                       rule_id = :rule, decided_by = :person, decided_at = :at
                 WHERE id = :id""")
            .bind("id", decided.id())
            .bind("status", decided.status().label())
            .bind("type", decided.type().label())
            .bind("reason", decided.reason().code())
            .bind("rule", person ? null : decided.ruleId())
            .bind("person", person ? decided.decidedBy() : null)
            .bind("at", person ? now : null)
            .execute()
        == 1;
  }

  /** False when there is no such row. */
  boolean reset(Handle handle, long id) {
    return handle
            .createUpdate("UPDATE qualification SET occurrences = 0 WHERE id = :id")
            .bind("id", id)
            .execute()
        == 1;
  }

  /** Deletes what nobody has decided about and nobody has said for long. */
  int deleteForgotten(Handle handle, Instant lastSeenBefore) {
    return handle
        .createUpdate(
            "DELETE FROM qualification WHERE status = 'to-qualify' AND last_seen_at < :before")
        .bind("before", lastSeenBefore)
        .execute();
  }

  private static QualifiedText row(ResultSet row) throws SQLException {
    return new QualifiedText(
        row.getLong("id"),
        row.getString("text"),
        row.getString("first_text"),
        row.getInt("occurrences"),
        QualificationStatus.ofLabel(row.getString("status")),
        FailureType.ofLabel(row.getString("failure_type")),
        Reason.ofCode(row.getInt("failure_reason")).orElse(Reason.NOT_DEFINED),
        row.getString("rule_id"),
        row.getObject("first_seen_at", OffsetDateTime.class).toInstant(),
        row.getObject("last_seen_at", OffsetDateTime.class).toInstant(),
        row.getString("decided_by"));
  }

  static byte[] sha256(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256.", e);
    }
  }
}
