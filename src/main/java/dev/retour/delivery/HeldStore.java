package dev.retour.delivery;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/**
 * Table {@code work_package_open}: what is held for a pause stands aside from what can go. It is
 * put aside first, in large pages and without its package, so that nobody stands behind it; that
 * the package says why follows in smaller ones.
 */
final class HeldStore {
  /** In front of a key as long as the packages do not say what they wait for. */
  static final String UNSAID = "+";

  private static final int KEYS_MAX = 20_000;

  private static final String HEAD =
      """
      SELECT p.id, p.domain
        FROM (SELECT package_id FROM work_package_open
               WHERE lane = 'mail' AND held IS NULL AND due_at <= :now
               ORDER BY due_at LIMIT :max) o
        JOIN work_package p ON p.id = o.package_id""";

  /** Waits for nobody: who holds one of them is just taking it. */
  private static final String PUT_ASIDE =
      """
      UPDATE work_package_open o SET held = free.held
        FROM (SELECT w.package_id, k.held
                FROM unnest(:ids, :keys) AS k (id, held)
                JOIN work_package_open w ON w.package_id = k.id
               WHERE w.held IS NULL AND w.due_at IS NOT NULL
                 FOR UPDATE OF w SKIP LOCKED) free
       WHERE o.package_id = free.package_id""";

  /** Each key by one step through the index, however many packages it has. */
  private static final String KEYS =
      """
      WITH RECURSIVE each (held) AS (
        (SELECT held FROM work_package_open WHERE held IS NOT NULL ORDER BY held LIMIT 1)
        UNION ALL
        SELECT (SELECT o.held FROM work_package_open o
                 WHERE o.held > each.held ORDER BY o.held LIMIT 1)
          FROM each WHERE each.held IS NOT NULL)
      SELECT held FROM each WHERE held IS NOT NULL LIMIT :max""";

  private static final String SAY =
      """
      WITH said AS (
        SELECT * FROM unnest(:keys, :types, :reasons, :texts, :rules)
                   AS s (held, type, reason, words, rule)),
      head AS (
        SELECT o.package_id, said.type, said.reason, said.words, said.rule
          FROM said CROSS JOIN LATERAL (
            SELECT package_id FROM work_package_open
             WHERE held = said.held ORDER BY due_at LIMIT :max) o
         LIMIT :max),
      mine AS (
        SELECT p.id, head.*
          FROM head JOIN work_package p ON p.id = head.package_id
         WHERE p.state IN ('ready', 'waiting') FOR UPDATE OF p SKIP LOCKED),
      told AS (
        UPDATE work_package p
           SET state = 'waiting', failure_type = mine.type, failure_reason = mine.reason,
               failure_text = mine.words, failure_rule = mine.rule, changed_at = :now
          FROM mine WHERE p.id = mine.id
        RETURNING p.id)
      UPDATE work_package_open o SET held = substr(o.held, 2)
        FROM told WHERE o.package_id = told.id AND substr(o.held, 1, 1) = '+'""";

  private static final String UNSAY =
      """
      UPDATE work_package_open o SET held = '+' || o.held
        FROM (SELECT package_id FROM work_package_open
               WHERE held = :key ORDER BY due_at LIMIT :max FOR UPDATE SKIP LOCKED) old
       WHERE o.package_id = old.package_id""";

  private static final String COUNT =
      """
      SELECT count(*) FROM unnest(:keys) AS k (held) CROSS JOIN LATERAL (
        SELECT 1 FROM work_package_open WHERE held = k.held ORDER BY due_at LIMIT :max) waiting""";

  /** A package and where it goes. */
  record Due(long id, String domain) {}

  /** What is due and not held, oldest first. */
  List<Due> head(Handle handle, int max, Instant now) {
    return handle
        .createQuery(HEAD)
        .bind("now", now)
        .bind("max", max)
        .map((row, context) -> new Due(row.getLong("id"), row.getString("domain")))
        .list();
  }

  /**
   * @param keys what each package waits for
   */
  void putAside(Handle handle, Map<Long, String> keys) {
    List<Long> ids = List.copyOf(keys.keySet());
    handle
        .createUpdate(PUT_ASIDE)
        .bindArray("ids", Long.class, ids)
        .bindArray("keys", String.class, ids.stream().map(id -> UNSAID + keys.get(id)).toList())
        .execute();
  }

  /** What packages are held for, with {@link #UNSAID} where it stands. */
  List<String> keys(Handle handle) {
    return handle.createQuery(KEYS).bind("max", KEYS_MAX).mapTo(String.class).list();
  }

  /**
   * Has packages say what they wait for.
   *
   * @return how many did not do so yet
   */
  int say(Handle handle, Collection<Pause> pauses, int max, Instant now) {
    List<Failure> whys = pauses.stream().map(Pause::why).toList();
    return handle
        .createUpdate(SAY)
        .bindArray("keys", String.class, pauses.stream().map(each -> UNSAID + each.key()).toList())
        .bindArray("types", String.class, whys.stream().map(why -> why.type().label()).toList())
        .bindArray("reasons", Integer.class, whys.stream().map(why -> why.reason().code()).toList())
        .bindArray("texts", String.class, whys.stream().map(Failure::text).toList())
        .bindArray("rules", String.class, whys.stream().map(Failure::ruleId).toList())
        .bind("max", max)
        .bind("now", now)
        .execute();
  }

  /** What they say is no longer true. */
  int unsay(Handle handle, String key, int max) {
    return handle.createUpdate(UNSAY).bind("key", key).bind("max", max).execute();
  }

  /** How many wait for a pause, at most about {@code max}. */
  int count(Handle handle, String key, int max) {
    return handle
        .createQuery(COUNT)
        .bindArray("keys", String.class, List.of(key, UNSAID + key))
        .bind("max", max)
        .mapTo(Integer.class)
        .one();
  }
}
