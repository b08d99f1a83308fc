package dev.retour.delivery;

import dev.retour.mail.OnUncertain;
import dev.retour.quarantine.GateRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * Tables {@code work_package}, {@code work_package_open} and {@code attempt}, as leases go: taken
 * by a claim, given back when their sidecar is gone.
 */
final class LeaseStore {
  /** Candidates looked at per package claimed, so that priority can choose among what is due. */
  private static final int CANDIDATES_PER_CLAIM = 4;

  /** Of them, so that enough are left when another sidecar claims at the same moment. */
  private static final int MOST_PER_CLAIM = 2;

  /**
   * A claim, given its candidates ({@code package_id, priority, due_at}) from the open packages.
   * The attempt row is written by the same statement that takes the lease: no socket opens before
   * both are committed. The package is locked before its row among the open ones is touched, in
   * this order everywhere.
   */
  private static final String CLAIM =
      """
      WITH candidate AS MATERIALIZED (%s),
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
        UPDATE work_package_open o SET due_at = NULL, held = NULL
          FROM claimed WHERE o.package_id = claimed.id),
      tried AS (
        INSERT INTO attempt (id, package_id, number, owner, phase, started_at)
        OVERRIDING SYSTEM VALUE
        SELECT attempt_id, id, attempts, :owner, 'claimed', :now FROM claimed)
      SELECT * FROM claimed ORDER BY priority, id""";

  /**
   * From an index on what is due only, so that a million parked packages cost nothing; priority
   * chooses among them. What is too old is left to the sweep, however much there is of it.
   */
  static final String MAILS =
      CLAIM.formatted(
          """

          SELECT package_id, priority, due_at FROM work_package_open
           WHERE lane = 'mail' AND held IS NULL AND due_at <= :now AND expires_at > :now
           ORDER BY due_at LIMIT :candidates""");

  /**
   * The same beside what was held for a pause and can go now, each from its own part of an index.
   */
  static final String MAILS_AND_HELD =
      CLAIM.formatted(
          """

          (SELECT package_id, priority, due_at FROM work_package_open
            WHERE lane = 'mail' AND held IS NULL AND due_at <= :now AND expires_at > :now
            ORDER BY due_at LIMIT :head)
          UNION ALL
          SELECT o.package_id, o.priority, o.due_at
            FROM unnest(:keys, :mosts) AS k (held, most) CROSS JOIN LATERAL (
              SELECT package_id, priority, due_at FROM work_package_open
               WHERE held = k.held AND due_at <= :now AND expires_at > :now
               ORDER BY due_at LIMIT k.most) o""");

  /** With one thing more: no fact overtakes an older one of its topic that is still to be told. */
  private static final String CALLBACKS =
      CLAIM.formatted(
          """

          SELECT w.package_id, w.priority, w.due_at
            FROM work_package_open w JOIN callback c ON c.package_id = w.package_id
           WHERE w.lane = 'callback' AND w.held IS NULL AND w.due_at <= :now AND w.expires_at > :now
             AND NOT EXISTS (SELECT 1
                               FROM callback o JOIN work_package_open older USING (package_id)
                              WHERE o.topic = c.topic AND o.package_id < c.package_id)
           ORDER BY w.due_at LIMIT :candidates""");

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

  /** How many packages a claim looks at that may take {@code max}. */
  static int candidates(int max) {
    return max * CANDIDATES_PER_CLAIM;
  }

  /**
   * What a claim is to take.
   *
   * @param max at most so many mails
   * @param head whether also what is due and not held
   * @param free of what is held, how many at most of each key
   */
  record Wanted(int max, boolean head, Map<String, Integer> free) {}

  /** Takes the lease of mails that are due. */
  List<ClaimedPackage> claim(Handle handle, Wanted wanted, Lease lease, Instant now) {
    if (wanted.free().isEmpty()) {
      return wanted.head() ? claim(handle.createQuery(MAILS), wanted.max(), lease, now) : List.of();
    }
    List<String> keys = List.copyOf(wanted.free().keySet());
    return claim(
        handle
            .createQuery(MAILS_AND_HELD)
            .bindArray("keys", String.class, keys)
            .bindArray("mosts", Integer.class, keys.stream().map(wanted.free()::get).toList())
            .bind("head", wanted.head() ? candidates(wanted.max()) : 0),
        wanted.max(),
        lease,
        now);
  }

  /** The same for callbacks. */
  List<ClaimedPackage> claimCallbacks(Handle handle, int max, Lease lease, Instant now) {
    return claim(handle.createQuery(CALLBACKS), max, lease, now);
  }

  private static List<ClaimedPackage> claim(Query claim, int max, Lease lease, Instant now) {
    return claim
        .bind("now", now)
        .bind("candidates", candidates(max))
        .bind("most", max * MOST_PER_CLAIM)
        .bind("max", max)
        .bind("owner", lease.owner())
        .bind("until", lease.until())
        .map(LeaseStore::claimed)
        .list();
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
        .map(LeaseStore::deadLease)
        .list();
  }

  /** At start: what a former process of the same name held. */
  List<DeadLease> former(Handle handle, String owner, int max) {
    return handle
        .createQuery(FORMER)
        .bind("owner", owner)
        .bind("max", max)
        .map(LeaseStore::deadLease)
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

  static DeadLease deadLease(ResultSet row, StatementContext context) throws SQLException {
    return new DeadLease(
        row.getLong("id"),
        row.getLong("attempt_id"),
        OnUncertain.of(row.getString("on_uncertain")));
  }

  private static ClaimedPackage claimed(ResultSet row, StatementContext context)
      throws SQLException {
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
        RedeliveryRequest.of(row.getString("redelivery")),
        gate(row));
  }

  private static GateRequest gate(ResultSet row) throws SQLException {
    return new GateRequest(
        row.getString("recipient_key"),
        row.getString("message"),
        row.getString("category"),
        row.getString("document"),
        null,
        row.getObject("event_id", UUID.class),
        row.getLong("id"),
        row.getLong("attempt_id"),
        row.getInt("generation") > 1,
        GateRequest.Purpose.of(row.getString("processor")));
  }
}
