package dev.retour.delivery;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** Table {@code work_package}. Every change of state is one guarded statement. */
final class WorkPackageStore {
  /** Candidates looked at per package claimed, so that priority can choose among what is due. */
  private static final int CANDIDATES_PER_CLAIM = 4;

  /** Of them, so that enough are left when another sidecar claims at the same moment. */
  private static final int MOST_PER_CLAIM = 2;

  private static final String INSERT =
      """
      INSERT INTO work_package (processor, priority, state, recipient, recipient_key, domain,
             content_id, event_id, message, document, on_uncertain, due_at, expires_at,
             created_at, changed_at, role, in_charge, tell_at)
      VALUES (:processor, :priority, 'ready', :recipient, :key, :domain,
             :content, CAST(:event AS uuid), :message, :document, :onUncertain, :now, :expires,
             :now, :now, :role, :inCharge, :tellAt)
      RETURNING id""";

  /**
   * The attempt row is written by the same statement that takes the lease: no socket opens before
   * both are committed. The candidates come from an index on what is due only, so that a million
   * parked packages cost nothing; priority chooses among them. The package is locked before its row
   * among the open ones is touched, in this order everywhere.
   */
  private static final String CLAIM =
      """
      WITH candidate AS MATERIALIZED (
        SELECT package_id, priority, due_at FROM work_package_open
         WHERE lane = 'mail' AND due_at <= :now
         ORDER BY due_at LIMIT :candidates),
      chosen AS (
        SELECT p.id
          FROM (SELECT * FROM candidate ORDER BY priority, due_at LIMIT :most) c
          JOIN work_package p ON p.id = c.package_id
         WHERE p.state IN ('ready', 'waiting')
         ORDER BY c.priority, c.due_at LIMIT :max FOR UPDATE OF p SKIP LOCKED),
      claimed AS (
        UPDATE work_package p
           SET state = 'sending', lease_owner = :owner, lease_until = :until, due_at = NULL,
               attempts = attempts + 1, attempt_id = nextval('attempt_id_seq'), changed_at = :now,
               first_attempt_at = coalesce(first_attempt_at, :now)
          FROM chosen WHERE p.id = chosen.id
        RETURNING p.*),
      taken AS (
        UPDATE work_package_open o SET due_at = NULL
          FROM claimed WHERE o.package_id = claimed.id),
      tried AS (
        INSERT INTO attempt (id, package_id, number, owner, phase, started_at)
        OVERRIDING SYSTEM VALUE
        SELECT attempt_id, id, attempts, :owner, 'claimed', :now FROM claimed)
      SELECT * FROM claimed ORDER BY priority, id""";

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
      UPDATE work_package
         SET state = 'error', due_at = NULL, failure_type = :type, failure_reason = :reason,
             failure_text = :text, failure_rule = :rule, changed_at = :now
       WHERE id = :id AND state IN ('sent', 'uncertain', 'waiting')""";

  private static final String DEAD =
      """
      SELECT p.id, p.attempt_id, p.on_uncertain
        FROM work_package_open o JOIN work_package p ON p.id = o.package_id
        LEFT JOIN sidecar s ON s.owner = p.lease_owner
       WHERE o.due_at IS NULL AND p.state = 'sending' AND p.lease_until < :now
         AND (s.owner IS NULL OR s.lease_until < :now
              OR p.lease_owner = :owner AND p.id <> ALL(:inHand))
       ORDER BY p.id LIMIT :max FOR UPDATE OF p SKIP LOCKED""";

  private static final String FORMER =
      """
      SELECT p.id, p.attempt_id, p.on_uncertain
        FROM work_package_open o JOIN work_package p ON p.id = o.package_id
       WHERE o.due_at IS NULL AND p.state = 'sending' AND p.lease_owner = :owner
       ORDER BY p.id LIMIT :max FOR UPDATE OF p SKIP LOCKED""";

  private static final String RELEASE =
      """
      UPDATE work_package
         SET state = :state, due_at = :due, failure_text = :text,
             lease_owner = NULL, lease_until = NULL, changed_at = :now
       WHERE id = :id AND state = 'sending'""";

  private static final String FIND =
      """
      SELECT p.id, p.recipient, p.recipient_key, p.state, c.message_id, p.event_id
        FROM work_package p JOIN mail_content c ON c.id = p.content_id""";

  long insert(Handle handle, NewPackage fresh, NewPackage.Copy to, long contentId, Instant now) {
    return handle
        .createQuery(INSERT)
        .bind("priority", fresh.priority())
        .bind("processor", fresh.terms().processor())
        .bind("role", to.role().label())
        .bind("inCharge", fresh.terms().inCharge())
        .bind("tellAt", fresh.terms().tellAt())
        .bind("recipient", to.recipient().text())
        .bind("key", to.recipient().key())
        .bind("domain", to.recipient().domain())
        .bind("content", contentId)
        .bind("event", fresh.eventId())
        .bind("message", fresh.message())
        .bind("document", fresh.document())
        .bind("onUncertain", fresh.onUncertain().label())
        .bind("now", now)
        .bind("expires", fresh.expiresAt())
        .mapTo(Long.class)
        .one();
  }

  /** Takes the lease of at most {@code max} packages that are due. */
  List<ClaimedPackage> claim(Handle handle, int max, Lease lease, Instant now) {
    return handle
        .createQuery(CLAIM)
        .bind("now", now)
        .bind("candidates", max * CANDIDATES_PER_CLAIM)
        .bind("most", max * MOST_PER_CLAIM)
        .bind("max", max)
        .bind("owner", lease.owner())
        .bind("until", lease.until())
        .map(WorkPackageStore::claimed)
        .list();
  }

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

  boolean bounced(Handle handle, long id, Failure failure, Instant now) {
    return handle
            .createUpdate(BOUNCED)
            .bind("id", id)
            .bind("type", failure.type().label())
            .bind("reason", failure.reason().code())
            .bind("text", failure.text())
            .bind("rule", failure.ruleId())
            .bind("now", now)
            .execute()
        == 1;
  }

  /**
   * Packages nobody sends any more: their sidecar gives no sign of life, or it is the one that asks
   * and does not have them in hand (the answer to its claim was lost, or it let them go).
   *
   * @param owner who asks
   * @param inHand what it is sending
   */
  List<DeadLease> dead(Handle handle, String owner, Collection<Long> inHand, int max, Instant now) {
    return handle
        .createQuery(DEAD)
        .bind("now", now)
        .bind("owner", owner)
        .bindArray("inHand", Long.class, inHand)
        .bind("max", max)
        .map(WorkPackageStore::deadLease)
        .list();
  }

  /** At start: what a former process of the same name held. */
  List<DeadLease> former(Handle handle, String owner, int max) {
    return handle
        .createQuery(FORMER)
        .bind("owner", owner)
        .bind("max", max)
        .map(WorkPackageStore::deadLease)
        .list();
  }

  void release(Handle handle, long id, Release release, Instant now) {
    int rows =
        handle
            .createUpdate(RELEASE)
            .bind("id", id)
            .bind("state", release.state().label())
            .bind("due", release.dueAt())
            .bind("text", release.text())
            .bind("now", now)
            .execute();
    if (rows != 1) {
      throw new IllegalStateException("Work package " + id + " was not in the hand of a sender.");
    }
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

  static DeadLease deadLease(ResultSet row, StatementContext context) throws SQLException {
    return new DeadLease(
        row.getLong("id"),
        row.getLong("attempt_id"),
        OnUncertain.of(row.getString("on_uncertain")));
  }

  static ClaimedPackage claimed(ResultSet row, StatementContext context) throws SQLException {
    return new ClaimedPackage(
        row.getLong("id"),
        row.getLong("attempt_id"),
        row.getInt("attempts"),
        row.getTimestamp("first_attempt_at").toInstant(),
        row.getString("recipient"),
        row.getString("recipient_key"),
        row.getString("domain"),
        row.getLong("content_id"),
        row.getObject("event_id", UUID.class),
        row.getString("message"),
        OnUncertain.of(row.getString("on_uncertain")),
        row.getTimestamp("created_at").toInstant(),
        row.getTimestamp("expires_at").toInstant(),
        row.getInt("attempts") - row.getInt("unspent"),
        RedeliveryRequest.of(row.getString("redelivery")));
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
