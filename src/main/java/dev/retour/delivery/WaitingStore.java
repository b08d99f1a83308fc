package dev.retour.delivery;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Table {@code work_package} as far as waiting goes: given back, too late, how many. */
final class WaitingStore {
  /** An attempt that did not count: {@code unspent} takes it out of the policy's count. */
  private static final String DEFER =
      """
      UPDATE work_package
         SET state = 'waiting', due_at = :due, lease_owner = NULL, lease_until = NULL,
             unspent = unspent + 1, failure_type = :type, failure_reason = :reason,
             failure_text = :text, failure_rule = :rule, changed_at = :now
       WHERE id = :id AND attempt_id = :attempt AND state IN ('sending', 'uncertain')""";

  private static final String EXPIRE =
      """
      UPDATE work_package
         SET state = 'expired', due_at = NULL, changed_at = :now,
             failure_text = left('Not sent before the end of its validity.'
               || coalesce(' The last failure: ' || failure_text, ''), 2000)
       WHERE id IN (SELECT p.id
                      FROM work_package_open o JOIN work_package p ON p.id = o.package_id
                     WHERE o.lane = 'mail' AND o.due_at IS NOT NULL AND o.expires_at <= :now
                       AND p.state IN ('ready', 'waiting')
                     ORDER BY o.expires_at LIMIT :max FOR UPDATE OF p SKIP LOCKED)
      RETURNING id""";

  private static final String DUE =
      """
      SELECT least(:max, count(*)) FROM (
        (SELECT 1 FROM work_package_open
          WHERE lane = 'mail' AND held IS NULL AND due_at <= :now ORDER BY due_at LIMIT :max)
        UNION ALL
        (SELECT 1 FROM work_package_open WHERE held IS NOT NULL LIMIT :max)) due""";

  private static final String FIND =
      """
      SELECT message, domain, state, due_at, created_at, expires_at, attempts - unspent AS spent,
             redelivery::text AS redelivery
        FROM work_package WHERE id = :id""";

  void defer(Handle handle, ClaimedPackage claimed, NextStep next, Instant now) {
    int rows =
        handle
            .createUpdate(DEFER)
            .bind("id", claimed.id())
            .bind("attempt", claimed.attemptId())
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

  /** What has reached the end of its validity ends; which those are. */
  List<Long> expire(Handle handle, int max, Instant now) {
    return handle.createQuery(EXPIRE).bind("now", now).bind("max", max).mapTo(Long.class).list();
  }

  /** How many packages are due, paused or not; {@code max} when it is that many or more. */
  int due(Handle handle, int max, Instant now) {
    return handle.createQuery(DUE).bind("now", now).bind("max", max).mapTo(Integer.class).one();
  }

  Optional<QueuedMail> find(Handle handle, long id) {
    return handle
        .createQuery(FIND)
        .bind("id", id)
        .map(
            (row, context) -> {
              Timestamp due = row.getTimestamp("due_at");
              return new QueuedMail(
                  id,
                  row.getString("message"),
                  row.getString("domain"),
                  row.getString("state"),
                  row.getInt("spent"),
                  due == null ? null : due.toInstant(),
                  row.getTimestamp("created_at").toInstant(),
                  row.getTimestamp("expires_at").toInstant(),
                  RedeliveryRequest.of(row.getString("redelivery")));
            })
        .findOne();
  }
}
