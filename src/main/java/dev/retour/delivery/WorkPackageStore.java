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
   * both are committed. The candidates come from the partial index on due_at of queued rows;
   * ordering by priority happens among them only, because an index led by priority would walk every
   * parked row.
   */
  private static final String CLAIM =
      """
      WITH candidate AS MATERIALIZED (
        SELECT id, priority, due_at FROM work_package
         WHERE state IN ('ready', 'waiting') AND processor <> 'callback' AND due_at <= :now
         ORDER BY due_at LIMIT :candidates),
      chosen AS (
        SELECT p.id FROM candidate c JOIN work_package p ON p.id = c.id
         WHERE p.state IN ('ready', 'waiting')
         ORDER BY c.priority, c.due_at LIMIT :max FOR UPDATE OF p SKIP LOCKED),
      claimed AS (
        UPDATE work_package p
           SET state = 'sending', lease_owner = :owner, lease_until = :until, due_at = NULL,
               attempts = attempts + 1, attempt_id = nextval('attempt_id_seq'), changed_at = :now
          FROM chosen WHERE p.id = chosen.id
        RETURNING p.*),
      tried AS (
        INSERT INTO attempt (id, package_id, number, owner, phase, started_at)
        OVERRIDING SYSTEM VALUE
        SELECT attempt_id, id, attempts, :owner, 'claimed', :now FROM claimed)
      SELECT claimed.*, coalesce(
               (SELECT min(started_at) FROM attempt a WHERE a.package_id = claimed.id),
               :now) AS first_attempt_at
        FROM claimed ORDER BY priority, id""";

  private static final String OURS =
      """
      SELECT count(*) FROM (
        SELECT 1 FROM work_package
         WHERE id = :id AND attempt_id = :attempt AND state IN ('sending', 'uncertain')
           FOR UPDATE) AS locked""";

  /** A late answer of our own attempt may still settle what was meanwhile called uncertain. */
  private static final String SENT =
      """
      UPDATE work_package
         SET state = 'sent', lease_owner = NULL, lease_until = NULL, due_at = NULL,
             failure_type = NULL, failure_reason = NULL, failure_text = NULL, failure_rule = NULL,
             changed_at = :now
       FROM unnest(:ids, :attempts) AS settled (package_id, attempt)
       WHERE id = ANY(:ids) AND id = package_id AND attempt_id = attempt
         AND state IN ('sending', 'uncertain')
      RETURNING id""";

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
        FROM work_package p LEFT JOIN sidecar s ON s.owner = p.lease_owner
       WHERE p.state = 'sending' AND p.lease_until < :now
         AND (s.owner IS NULL OR s.lease_until < :now
              OR p.lease_owner = :owner AND p.id <> ALL(:inHand))
       ORDER BY p.id LIMIT :max FOR UPDATE OF p SKIP LOCKED""";

  private static final String FORMER =
      """
      SELECT id, attempt_id, on_uncertain FROM work_package
       WHERE state = 'sending' AND lease_owner = :owner
       ORDER BY id LIMIT :max FOR UPDATE SKIP LOCKED""";

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

  /**
   * For the rest of the transaction: a sequential scan, chosen on the statistics of a queue that
   * was empty a moment ago, makes each step ten times slower.
   */
  static void byIndex(Handle handle) {
    handle.execute("SET LOCAL enable_seqscan = off");
    handle.execute("SET LOCAL enable_bitmapscan = off");
  }

  /** Takes the lease of at most {@code max} packages that are due. */
  List<ClaimedPackage> claim(Handle handle, int max, Lease lease, Instant now) {
    byIndex(handle);
    return handle
        .createQuery(CLAIM)
        .bind("now", now)
        .bind("candidates", max * CANDIDATES_PER_CLAIM)
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

  /** Those that were still ours. */
  Set<Long> sent(Handle handle, List<ClaimedPackage> claimed, Instant now) {
    return handle
        .createQuery(SENT)
        .bindArray("ids", Long.class, claimed.stream().map(ClaimedPackage::id).toList())
        .bindArray("attempts", Long.class, claimed.stream().map(ClaimedPackage::attemptId).toList())
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
