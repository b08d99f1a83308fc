package dev.retour.delivery;

import dev.retour.quarantine.GateRequest;
import dev.retour.quarantine.SendCounts;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Table {@code work_package}, counted for the rules of the gate. A mail counts from the moment it
 * was handed over, or may have been; one that is being sent is on its way if the rules let it pass
 * in this very attempt.
 */
public final class GateStore implements SendCounts {
  /** No mail is sent so long after it was queued. */
  private static final Duration QUEUED_MAX = Duration.ofDays(40);

  private static final String COUNTS =
      """
       p.processor = 'mail' AND p.id <> :id
         AND (p.state IN ('sent', 'uncertain') AND p.changed_at > :since
              OR p.state = 'sending'
                 AND EXISTS (SELECT 1 FROM gate_pass g
                              WHERE g.package_id = p.id AND g.rule = ''
                                AND g.attempt_id = p.attempt_id))
      """;

  private static final String SAME =
      """
      SELECT p.id, p.state, p.changed_at FROM work_package p
       WHERE p.recipient_key = :key AND p.message = :message AND p.created_at > :queued
         AND (p.document = :document
              OR CAST(:document AS text) IS NULL AND p.document IS NULL
                 AND EXISTS (SELECT 1 FROM event e
                              WHERE e.id = p.event_id
                                AND e.payload = coalesce(CAST(:payload AS jsonb),
                                      (SELECT payload FROM event WHERE id = CAST(:event AS uuid)))))
         AND"""
          + COUNTS
          + """
       ORDER BY (p.state = 'sending'), p.id DESC LIMIT 1""";

  /** Ends at what matters; what was handed over comes first. */
  private static final String COUNT =
      """
      SELECT count(*) FILTER (WHERE state <> 'sending') AS sent,
             count(*) FILTER (WHERE state = 'sending') AS on_its_way
        FROM (SELECT p.state FROM work_package p
               WHERE %s AND p.created_at > :queued
                 AND (:every OR p.message = ANY(:messages))
                 AND"""
          + COUNTS
          + """
               LIMIT :most) AS counted""";

  private static final String COUNT_TO = COUNT.formatted("p.recipient_key = :key");
  private static final String COUNT_AT = COUNT.formatted("p.domain = :domain");

  @Override
  public Optional<Earlier> same(Handle handle, GateRequest mail, Instant since) {
    return handle
        .createQuery(SAME)
        .bind("key", mail.addressKey())
        .bind("message", mail.message())
        .bind("document", mail.document())
        .bind("payload", mail.payload())
        .bind("event", mail.eventId())
        .bind("id", mail.packageId())
        .bind("since", since)
        .bind("queued", since.minus(QUEUED_MAX))
        .map(
            (row, context) ->
                new Earlier(
                    row.getLong("id"),
                    row.getTimestamp("changed_at").toInstant(),
                    row.getString("state").equals("sending")))
        .findOne();
  }

  @Override
  public Counted count(Handle handle, GateRequest mail, Scope scope, Instant since) {
    return handle
        .createQuery(scope.byDomain() ? COUNT_AT : COUNT_TO)
        .bind(
            scope.byDomain() ? "domain" : "key",
            scope.byDomain() ? mail.domain() : mail.addressKey())
        .bind("every", scope.messages().isEmpty())
        .bindArray("messages", String.class, scope.messages())
        .bind("id", mail.packageId())
        .bind("since", since)
        .bind("queued", since.minus(QUEUED_MAX))
        .bind("most", scope.most())
        .map((row, context) -> new Counted(row.getInt("sent"), row.getInt("on_its_way")))
        .one();
  }
}
