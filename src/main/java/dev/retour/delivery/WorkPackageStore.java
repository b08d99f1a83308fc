package dev.retour.delivery;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** Table {@code work_package}. Every change of state is one guarded statement. */
final class WorkPackageStore {
  private static final String OURS =
      """
      SELECT count(*) FROM (
        SELECT 1 FROM work_package
         WHERE id = :id AND attempt_id = :attempt AND state IN ('sending', 'uncertain')
           FOR UPDATE) AS locked""";

  /**
   * Both ends of an acceptance in one statement. A late answer of our own attempt may still settle
   * what was meanwhile called uncertain.
   */
  private static final String ACCEPTED =
      """
      WITH answer AS (
        SELECT * FROM unnest(:ids, :attempts, :replies) AS a (package_id, attempt_id, reply)),
      settled AS (
        UPDATE work_package p
           SET state = 'sent', lease_owner = NULL, lease_until = NULL,
               failure_type = NULL, failure_reason = NULL, failure_text = NULL,
               failure_rule = NULL, changed_at = :now
          FROM answer
         WHERE p.id = answer.package_id AND p.attempt_id = answer.attempt_id
           AND p.state IN ('sending', 'uncertain')
        RETURNING p.id),
      closed AS (
        DELETE FROM work_package_open o USING settled WHERE o.package_id = settled.id),
      ended AS (
        UPDATE attempt a SET phase = 'accepted', ended_at = :now, reply = answer.reply
          FROM answer WHERE a.id = answer.attempt_id)
      SELECT id FROM settled""";

  private static final String FAILED =
      """
      UPDATE work_package
         SET state = :state, due_at = :due, lease_owner = NULL, lease_until = NULL,
             failure_type = :type, failure_reason = :reason, failure_text = :text,
             failure_rule = :rule, changed_at = :now
       WHERE id = :id AND attempt_id = :attempt AND state IN ('sending', 'uncertain')""";

  private static final String BOUNCED =
      """
      WITH before AS (
        SELECT id, state, changed_at FROM work_package
         WHERE id = :id AND state IN ('sent', 'uncertain', 'waiting') FOR UPDATE)
      UPDATE work_package p
         SET state = 'error', due_at = NULL, failure_type = :type, failure_reason = :reason,
             failure_text = :text, failure_rule = :rule, changed_at = :now
        FROM before WHERE p.id = before.id
      RETURNING p.domain, CASE before.state WHEN 'sent' THEN before.changed_at END AS accepted_at""";

  private static final String FIND =
      """
      SELECT p.id, p.recipient, p.recipient_key, p.state, c.message_id, p.event_id
        FROM work_package p JOIN mail_content c ON c.id = p.content_id""";

  /** Locks the package; false when somebody else settled it or took it over meanwhile. */
  boolean isOurs(Handle handle, ClaimedPackage claimed) {
    return handle
            .createQuery(OURS)
            .bind("id", claimed.id())
            .bind("attempt", claimed.attemptId())
            .mapTo(Integer.class)
            .one()
        == 1;
  }

  /**
   * The server took the mails of these attempts.
   *
   * @return the packages that were still ours
   */
  Set<Long> accepted(
      Handle handle, List<ClaimedPackage> claimed, List<String> replies, Instant now) {
    return handle
        .createQuery(ACCEPTED)
        .bindArray("ids", Long.class, claimed.stream().map(ClaimedPackage::id).toList())
        .bindArray("attempts", Long.class, claimed.stream().map(ClaimedPackage::attemptId).toList())
        .bindArray("replies", String.class, replies)
        .bind("now", now)
        .mapTo(Long.class)
        .set();
  }

  void failed(Handle handle, ClaimedPackage claimed, NextStep next, Instant now) {
    int rows =
        handle
            .createUpdate(FAILED)
            .bind("id", claimed.id())
            .bind("attempt", claimed.attemptId())
            .bind("state", next.state().label())
            .bind("due", next.dueAt())
            .bind("type", next.failure().type().label())
            .bind("reason", next.failure().reason().code())
            .bind("text", next.text())
            .bind("rule", next.failure().ruleId())
            .bind("now", now)
            .execute();
    if (rows != 1) {
      throw new IllegalStateException("Work package " + claimed.id() + " is not ours.");
    }
  }

  /**
   * A mail that came back.
   *
   * @param acceptedAt when it was sent; null: nobody knew that it was
   */
  record Bounced(String domain, @Nullable Instant acceptedAt) {}

  /** Empty when it has ended otherwise. */
  Optional<Bounced> bounced(Handle handle, long id, Failure failure, Instant now) {
    return handle
        .createQuery(BOUNCED)
        .bind("id", id)
        .bind("type", failure.type().label())
        .bind("reason", failure.reason().code())
        .bind("text", failure.text())
        .bind("rule", failure.ruleId())
        .bind("now", now)
        .map(
            (row, context) -> {
              Timestamp accepted = row.getTimestamp("accepted_at");
              return new Bounced(
                  row.getString("domain"), accepted == null ? null : accepted.toInstant());
            })
        .findOne();
  }

  Optional<SentPackage> byId(Handle handle, long id) {
    return handle
        .createQuery(FIND + " WHERE p.id = :id")
        .bind("id", id)
        .map(WorkPackageStore::sentPackage)
        .findOne();
  }

  Optional<SentPackage> byMessageId(Handle handle, String messageId, String recipientKey) {
    return handle
        .createQuery(
            FIND + " WHERE c.message_id = :messageId AND p.recipient_key = :key ORDER BY p.id")
        .bind("messageId", messageId)
        .bind("key", recipientKey)
        .map(WorkPackageStore::sentPackage)
        .findFirst();
  }

  private static SentPackage sentPackage(ResultSet row, StatementContext context)
      throws SQLException {
    return new SentPackage(
        row.getLong("id"),
        row.getString("recipient"),
        row.getString("recipient_key"),
        row.getString("state"),
        row.getString("message_id"),
        row.getObject("event_id", UUID.class));
  }
}
