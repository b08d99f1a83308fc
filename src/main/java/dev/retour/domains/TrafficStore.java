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

  private static final String FORGET = "DELETE FROM domain_traffic WHERE domain = :domain";

  private static final String CLEAN = "DELETE FROM domain_traffic WHERE slot < :before";

  /** What was sent to a domain. */
  record Count(String domain, long messages, long errors) {}

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
