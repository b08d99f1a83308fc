package dev.retour.quarantine;

import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Tables {@code gate_pass} and {@code gate_count}: what passed the rules that count. */
final class LimitStore {
  /** Keeps others out who count the same; given back when the transaction ends. */
  private static final String LOCK =
      """
      SELECT count(pg_advisory_xact_lock(key)) FROM (
        SELECT DISTINCT hashtextextended('retour gate ' || name, 0) AS key
          FROM unnest(:names) AS n (name) ORDER BY key) AS k""";

  private static final String PASS =
      """
      INSERT INTO gate_pass (package_id, rule, attempt_id) VALUES (:package, :rule, :attempt)
      ON CONFLICT (package_id, rule) DO UPDATE SET attempt_id = excluded.attempt_id""";

  private static final String HAS_PASSED =
      "SELECT EXISTS (SELECT 1 FROM gate_pass WHERE package_id = :package AND rule = :rule)";

  private static final String TAKE =
      """
      INSERT INTO gate_count AS c (rule, day, taken) VALUES (:rule, :day, 1)
      ON CONFLICT (rule, day) DO UPDATE SET taken = c.taken + 1 WHERE c.taken < :most""";

  private static final String IS_FULL =
      "SELECT EXISTS (SELECT 1 FROM gate_count WHERE rule = :rule AND day = :day AND taken >= :most)";

  /** In one order for all. */
  void lock(Handle handle, Collection<String> names) {
    handle
        .createQuery(LOCK)
        .bindArray("names", String.class, List.copyOf(names))
        .mapTo(Long.class)
        .one();
  }

  void pass(Handle handle, GateRequest mail, String rule) {
    handle
        .createUpdate(PASS)
        .bind("package", mail.packageId())
        .bind("rule", rule)
        .bind("attempt", mail.attemptId())
        .execute();
  }

  boolean hasPassed(Handle handle, GateRequest mail, GateRules.Limit limit) {
    return handle
        .createQuery(HAS_PASSED)
        .bind("package", mail.packageId())
        .bind("rule", limit.id())
        .mapTo(Boolean.class)
        .one();
  }

  /** False when the day is full. */
  boolean take(Handle handle, GateRules.Limit limit, LocalDate day) {
    return handle
            .createUpdate(TAKE)
            .bind("rule", limit.id())
            .bind("day", day)
            .bind("most", limit.most())
            .execute()
        == 1;
  }

  boolean isFull(Handle handle, GateRules.Limit limit, LocalDate day) {
    return handle
        .createQuery(IS_FULL)
        .bind("rule", limit.id())
        .bind("day", day)
        .bind("most", limit.most())
        .mapTo(Boolean.class)
        .one();
  }

  /** How many days were forgotten. */
  int forget(Handle handle, LocalDate before) {
    return handle
        .createUpdate("DELETE FROM gate_count WHERE day < :before")
        .bind("before", before)
        .execute();
  }
}
