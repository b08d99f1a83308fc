package dev.retour.domains;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Table {@code domain_traffic}. */
final class TrafficStore {
  private static final String ADD =
      """
      INSERT INTO domain_traffic (domain, slot, messages, errors)
      VALUES (:domain, :slot, :messages, :errors)
      ON CONFLICT (domain, slot) DO UPDATE
         SET messages = domain_traffic.messages + excluded.messages,
             errors = domain_traffic.errors + excluded.errors""";

  private static final String SINCE =
      """
      SELECT domain, sum(messages) AS messages, sum(errors) AS errors FROM domain_traffic
       WHERE domain = ANY(:domains) AND slot > :from GROUP BY domain""";

  /** In the slot the mail was counted in, or the next, as counting takes a moment. */
  private static final String BOUNCED =
      """
      UPDATE domain_traffic SET errors = least(messages, errors + :count)
       WHERE domain = :domain
         AND slot = (SELECT slot FROM domain_traffic
                      WHERE domain = :domain AND slot >= :slot AND slot <= :next
                        AND errors < messages
                      ORDER BY slot LIMIT 1)""";

  private static final String FORGET = "DELETE FROM domain_traffic WHERE domain = :domain";

  private static final String CLEAN = "DELETE FROM domain_traffic WHERE slot < :before";

  /** What was sent to a domain. */
  record Count(String domain, long messages, long errors) {}

  /**
   * Mails that were counted as accepted, and came back.
   *
   * @param acceptedAt to the second
   */
  record Bounced(String domain, Instant acceptedAt) {}

  /** Adds to a slot; in the order of names, so that two sidecars never wait for each other. */
  void add(Handle handle, Instant slot, Map<String, Count> counts) {
    PreparedBatch batch = handle.prepareBatch(ADD);
    counts.values().stream()
        .sorted(java.util.Comparator.comparing(Count::domain))
        .forEach(
            count ->
                batch
                    .bind("domain", count.domain())
                    .bind("slot", slot)
                    .bind("messages", count.messages())
                    .bind("errors", count.errors())
                    .add());
    batch.execute();
  }

  /**
   * What was counted as a success is an error after all; what no window reaches any more, or was
   * forgotten when a pause began, stays so.
   */
  void bounced(Handle handle, Bounced mails, long count) {
    Instant slot = Suspensions.slotOf(mails.acceptedAt());
    handle
        .createUpdate(BOUNCED)
        .bind("domain", mails.domain())
        .bind("slot", slot)
        .bind("next", slot.plus(Suspensions.SLOT))
        .bind("count", count)
        .execute();
  }

  /** Sums over the slots that began after {@code from}. */
  List<Count> since(Handle handle, Collection<String> domains, Instant from) {
    return handle
        .createQuery(SINCE)
        .bindArray("domains", String.class, domains)
        .bind("from", from)
        .map(
            (row, context) ->
                new Count(row.getString("domain"), row.getLong("messages"), row.getLong("errors")))
        .list();
  }

  /** Counting begins anew. */
  void forget(Handle handle, String domain) {
    handle.createUpdate(FORGET).bind("domain", domain).execute();
  }

  int clean(Handle handle, Instant before) {
    return handle.createUpdate(CLEAN).bind("before", before).execute();
  }
}
