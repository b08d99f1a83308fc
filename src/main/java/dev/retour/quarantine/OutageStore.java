package dev.retour.quarantine;

import dev.retour.qualification.FailureType;
import dev.retour.qualification.Reason;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Tables {@code quarantine_hit}, {@code outage} and {@code held_decision}. */
final class OutageStore {
  private static final String OUTAGES =
      """
      SELECT o.id, o.domain, o.text, o.because, o.opened_at, o.state, o.decided_by,
             (SELECT count(*) FROM held_decision d WHERE d.outage_id = o.id) AS held,
             (SELECT count(*) FROM quarantine_hit h
               WHERE h.domain = o.domain AND h.key_sha256 = o.key_sha256
                 AND h.at >= o.window_from AND h.at <= o.opened_at) AS barred
        FROM outage o
      """;

  /** A kind of failure at a domain. */
  @SuppressWarnings("ArrayRecordComponent") // bytes are handed over, not compared
  record Kind(String domain, byte[] key) {}

  void insertHit(Handle handle, Kind kind, String address, Instant at) {
    handle
        .createUpdate(
            """
            INSERT INTO quarantine_hit (domain, key_sha256, address, at)
            VALUES (:domain, :key, :address, :at)
            ON CONFLICT (domain, key_sha256, address) DO UPDATE SET at = EXCLUDED.at""")
        .bind("domain", kind.domain())
        .bind("key", kind.key())
        .bind("address", address)
        .bind("at", at)
        .execute();
  }

  long hits(Handle handle, Kind kind, Instant since) {
    return handle
        .createQuery(
            """
            SELECT count(*) FROM quarantine_hit
             WHERE domain = :domain AND key_sha256 = :key AND at >= :since""")
        .bind("domain", kind.domain())
        .bind("key", kind.key())
        .bind("since", since)
        .mapTo(Long.class)
        .one();
  }

  int deleteHits(Handle handle, Instant before) {
    return handle
        .createUpdate("DELETE FROM quarantine_hit WHERE at < :before")
        .bind("before", before)
        .execute();
  }

  Optional<Long> open(Handle handle, Kind kind) {
    return handle
        .createQuery(
            """
            SELECT id FROM outage
             WHERE domain = :domain AND key_sha256 = :key AND state = 'open'""")
        .bind("domain", kind.domain())
        .bind("key", kind.key())
        .mapTo(Long.class)
        .findOne();
  }

  /** Whether a person said lately that such failures are real. */
  boolean isConfirmed(Handle handle, Kind kind, Instant since) {
    return handle
        .createQuery(
            """
            SELECT EXISTS (SELECT 1 FROM outage
                            WHERE domain = :domain AND key_sha256 = :key
                              AND state = 'quarantined' AND decided_at >= :since)""")
        .bind("domain", kind.domain())
        .bind("key", kind.key())
        .bind("since", since)
        .mapTo(Boolean.class)
        .one();
  }

  /** The id of the suspicion, opened now unless another process was quicker. */
  long insert(
      Handle handle, Kind kind, String text, String because, Instant windowFrom, Instant now) {
    handle
        .createUpdate(
            """
            INSERT INTO outage (domain, key_sha256, text, because, opened_at, window_from, state)
            VALUES (:domain, :key, :text, :because, :now, :from, 'open')
            ON CONFLICT (domain, key_sha256) WHERE state = 'open' DO NOTHING""")
        .bind("domain", kind.domain())
        .bind("key", kind.key())
        .bind("text", text)
        .bind("because", because)
        .bind("now", now)
        .bind("from", windowFrom)
        .execute();
    return open(handle, kind)
        .orElseThrow(() -> new IllegalStateException("A suspicion vanished; it is tried again."));
  }

  void hold(Handle handle, long outage, AddressFailure failure, String text, Instant now) {
    handle
        .createUpdate(
            """
            INSERT INTO held_decision (outage_id, address, at, failure_type, failure_reason,
                   failure_text, rule_id, cause, reference, about)
            VALUES (:outage, :address, :at, :type, :reason, :text, :rule, :cause, :reference,
                   :about)
            ON CONFLICT (outage_id, address) DO NOTHING""")
        .bind("outage", outage)
        .bind("address", failure.addressKey())
        .bind("at", now)
        .bind("type", failure.type().label())
        .bind("reason", failure.reason().code())
        .bind("text", text)
        .bind("rule", failure.ruleId())
        .bind("cause", failure.cause().label())
        .bind("reference", failure.reference())
        .bind("about", failure.about())
        .execute();
  }

  List<Outage> list(Handle handle, boolean all, int max) {
    return handle
        .createQuery(
            OUTAGES + " WHERE :all OR o.state = 'open' ORDER BY o.opened_at DESC LIMIT :max")
        .bind("all", all)
        .bind("max", max)
        .map((row, context) -> outage(row))
        .list();
  }

  Optional<Outage> find(Handle handle, long id) {
    return handle
        .createQuery(OUTAGES + " WHERE o.id = :id")
        .bind("id", id)
        .map((row, context) -> outage(row))
        .findOne();
  }

  /** Decisions held, by address, after the given one. */
  List<AddressFailure> held(Handle handle, long outage, String after, int max) {
    return handle
        .createQuery(
            """
            SELECT address, failure_type, failure_reason, failure_text, rule_id, cause, reference,
                   about
              FROM held_decision
             WHERE outage_id = :outage AND address > :after
             ORDER BY address LIMIT :max""")
        .bind("outage", outage)
        .bind("after", after)
        .bind("max", max)
        .map(
            (row, context) ->
                new AddressFailure(
                    row.getString("address"),
                    FailureType.ofLabel(row.getString("failure_type")),
                    Reason.ofCode(row.getInt("failure_reason")).orElse(Reason.NOT_DEFINED),
                    row.getString("failure_text"),
                    row.getString("rule_id"),
                    Cause.ofLabel(row.getString("cause")),
                    row.getString("reference"),
                    row.getObject("about", Long.class)))
        .list();
  }

  /** Who was quarantined for it before it was noticed. */
  List<String> barredBefore(Handle handle, long outage) {
    return handle
        .createQuery(
            """
            SELECT h.address FROM outage o
              JOIN quarantine_hit h ON h.domain = o.domain AND h.key_sha256 = o.key_sha256
             WHERE o.id = :outage AND h.at >= o.window_from AND h.at <= o.opened_at
             ORDER BY h.address""")
        .bind("outage", outage)
        .mapTo(String.class)
        .list();
  }

  /** False when it was decided before. */
  boolean decide(Handle handle, long outage, String state, String who, Instant now) {
    return handle
            .createUpdate(
                """
                UPDATE outage SET state = :state, decided_by = :who, decided_at = :now
                 WHERE id = :outage AND state = 'open'""")
            .bind("outage", outage)
            .bind("state", state)
            .bind("who", who)
            .bind("now", now)
            .execute()
        == 1;
  }

  private static Outage outage(ResultSet row) throws SQLException {
    return new Outage(
        row.getLong("id"),
        row.getString("domain"),
        row.getString("text"),
        row.getString("because"),
        row.getObject("opened_at", OffsetDateTime.class).toInstant(),
        row.getLong("held"),
        row.getLong("barred"),
        row.getString("state"),
        row.getString("decided_by"));
  }
}
