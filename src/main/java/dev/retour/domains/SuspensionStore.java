package dev.retour.domains;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** Tables {@code domain_suspension} and {@code domain_history}. */
final class SuspensionStore {
  private static final int ROWS_MAX = 10_000;

  private static final String ALL =
      "SELECT * FROM domain_suspension ORDER BY since, domain LIMIT :max";

  private static final String FIND = "SELECT * FROM domain_suspension WHERE domain = :domain";

  private static final String OF = "SELECT * FROM domain_suspension WHERE domain = ANY(:domains)";

  private static final String LOCK = FIND + " FOR UPDATE";

  /** Of two sidecars that notice the same, one begins the pause. */
  private static final String BEGIN =
      """
      INSERT INTO domain_suspension (domain, since, until, because, decided_by, step)
      VALUES (:domain, :since, :until, :because, :decidedBy, 0)
      ON CONFLICT (domain) DO NOTHING""";

  private static final String PUT =
      """
      UPDATE domain_suspension
         SET since = :since, until = :until, because = :because, decided_by = :decidedBy,
             step = :step, step_at = :stepAt, granted = :granted, accepted = :accepted,
             refused = :refused
       WHERE domain = :domain""";

  private static final String ANSWERED =
      """
      UPDATE domain_suspension SET accepted = accepted + :accepted, refused = refused + :refused
       WHERE domain = :domain AND step > 0""";

  /** A mail sent before the pause says nothing about how its end is taken. Times to the second. */
  private static final String BOUNCED =
      """
      UPDATE domain_suspension
         SET refused = refused + :count,
             accepted = accepted - CASE WHEN date_trunc('second', step_at) <= :accepted
                                   THEN least(accepted, :count) ELSE 0 END
       WHERE domain = :domain AND step > 0 AND date_trunc('second', until) <= :accepted""";

  private static final String END = "DELETE FROM domain_suspension WHERE domain = :domain";

  private static final String CLEAN =
      "DELETE FROM domain_suspension WHERE greatest(until, step_at) < :before";

  private static final String NOTE =
      """
      INSERT INTO domain_history (domain, at, what, because, decided_by)
      VALUES (:domain, :at, :what, :because, :by)""";

  private static final String HISTORY =
      """
      SELECT at, what, because, decided_by FROM domain_history
       WHERE domain = :domain ORDER BY id DESC LIMIT :max""";

  private static final String CLEAN_HISTORY = "DELETE FROM domain_history WHERE at < :before";

  List<Suspension> all(Handle handle) {
    return handle.createQuery(ALL).bind("max", ROWS_MAX).map(SuspensionStore::suspension).list();
  }

  Optional<Suspension> find(Handle handle, String domain) {
    return handle
        .createQuery(FIND)
        .bind("domain", domain)
        .map(SuspensionStore::suspension)
        .findOne();
  }

  List<Suspension> of(Handle handle, Collection<String> domains) {
    return handle
        .createQuery(OF)
        .bindArray("domains", String.class, domains)
        .map(SuspensionStore::suspension)
        .list();
  }

  /** One, locked until the transaction ends. */
  Optional<Suspension> lock(Handle handle, String domain) {
    return handle
        .createQuery(LOCK)
        .bind("domain", domain)
        .map(SuspensionStore::suspension)
        .findOne();
  }

  /** True when there was none yet. */
  boolean begin(Handle handle, Suspension fresh) {
    return handle
            .createUpdate(BEGIN)
            .bind("domain", fresh.domain())
            .bind("since", fresh.since())
            .bind("until", fresh.until())
            .bind("because", fresh.because())
            .bind("decidedBy", fresh.decidedBy())
            .execute()
        == 1;
  }

  void put(Handle handle, Suspension next) {
    int rows =
        handle
            .createUpdate(PUT)
            .bind("domain", next.domain())
            .bind("since", next.since())
            .bind("until", next.until())
            .bind("because", next.because())
            .bind("decidedBy", next.decidedBy())
            .bind("step", next.step())
            .bind("stepAt", next.stepAt())
            .bind("granted", next.granted())
            .bind("accepted", next.accepted())
            .bind("refused", next.refused())
            .execute();
    if (rows != 1) {
      throw new IllegalStateException("There is no suspension of " + next.domain() + ".");
    }
  }

  /** What came of the mails let through. */
  void answered(Handle handle, String domain, long accepted, long refused) {
    handle
        .createUpdate(ANSWERED)
        .bind("domain", domain)
        .bind("accepted", accepted)
        .bind("refused", refused)
        .execute();
  }

  /** Of the mails let through, some came back. */
  void bounced(Handle handle, TrafficStore.Bounced mails, long count) {
    handle
        .createUpdate(BOUNCED)
        .bind("domain", mails.domain())
        .bind("accepted", mails.acceptedAt())
        .bind("count", count)
        .execute();
  }

  boolean end(Handle handle, String domain) {
    return handle.createUpdate(END).bind("domain", domain).execute() == 1;
  }

  int clean(Handle handle, Instant before) {
    return handle.createUpdate(CLEAN).bind("before", before).execute();
  }

  void note(Handle handle, String domain, DomainEvent event) {
    handle
        .createUpdate(NOTE)
        .bind("domain", domain)
        .bind("at", event.at())
        .bind("what", event.what())
        .bind("because", event.because())
        .bind("by", event.decidedBy())
        .execute();
  }

  /** Newest first. */
  List<DomainEvent> history(Handle handle, String domain, int max) {
    return handle
        .createQuery(HISTORY)
        .bind("domain", domain)
        .bind("max", max)
        .map(
            (row, context) ->
                new DomainEvent(
                    row.getTimestamp("at").toInstant(),
                    row.getString("what"),
                    row.getString("because"),
                    row.getString("decided_by")))
        .list();
  }

  int cleanHistory(Handle handle, Instant before) {
    return handle.createUpdate(CLEAN_HISTORY).bind("before", before).execute();
  }

  private static Suspension suspension(ResultSet row, StatementContext context)
      throws SQLException {
    Timestamp stepAt = row.getTimestamp("step_at");
    return new Suspension(
        row.getString("domain"),
        row.getTimestamp("since").toInstant(),
        row.getTimestamp("until").toInstant(),
        row.getString("because"),
        row.getString("decided_by"),
        row.getInt("step"),
        stepAt == null ? null : stepAt.toInstant(),
        row.getInt("granted"),
        row.getInt("accepted"),
        row.getInt("refused"));
  }
}
