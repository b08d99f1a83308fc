package dev.retour.delivery;

import dev.retour.mail.EmailAddress;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Table {@code work_package} as people see and change it. Every change names the states it needs.
 */
final class QueueDeskStore {

  /**
   * One guarded statement for many packages and their log: whoever comes first wins, also against
   * the sender. Locked in the order of their ids, so that two bulk changes cannot block each other.
   */
  private static final String CHANGE =
      """
      WITH target AS (
        SELECT id FROM work_package
         WHERE id = ANY(:ids) AND state = ANY(:from) AND %s
         ORDER BY id FOR UPDATE),
      changed AS (
        UPDATE work_package p SET %s, changed_at = :now
          FROM target WHERE p.id = target.id
        RETURNING p.id),
      noted AS (
        INSERT INTO work_package_log (package_id, at, who, what, text)
        SELECT id, :now, :who, :what, :text FROM changed)
      SELECT id FROM changed""";

  /** Whoever was told of the former failure is told again of the next. */
  private static final String FORGET =
      "told_state = NULL, told_at = NULL, acknowledged_at = NULL, acknowledged_by = NULL";

  /** The text stays until the next success. What has run out of time gets its time once more. */
  private static final String QUEUED_NOW =
      "state = 'waiting', due_at = :now, expires_at = CASE WHEN expires_at > :now THEN expires_at"
          + " ELSE CAST(:now AS timestamptz) + greatest(expires_at - created_at, interval '1 hour') END, "
          + FORGET;

  private static final Map<QueueAction, String> FURTHER =
      Map.of(
          QueueAction.ACKNOWLEDGE,
          "acknowledged_at IS NULL",
          QueueAction.CLEAR_ERROR,
          "(state = 'error' OR due_at > :now) AND NOT EXISTS (SELECT 1 FROM mail_content c"
              + " WHERE c.id = content_id AND c.raw IS NULL)");

  private static final Map<QueueAction, String> CHANGES =
      Map.of(
          QueueAction.CLEAR_ERROR,
          QUEUED_NOW,
          QueueAction.ACKNOWLEDGE,
          "acknowledged_at = :now, acknowledged_by = :who",
          QueueAction.RETRY,
          "due_at = :now",
          QueueAction.CANCEL,
          "state = 'cancelled', due_at = NULL, failure_text = left('Cancelled by ' || :who || '.'"
              + " || coalesce(' It had failed: ' || failure_text, ''), 2000)",
          QueueAction.SETTLE_SENT,
          "state = 'sent', failure_type = NULL, failure_reason = NULL, failure_text = NULL,"
              + " failure_rule = NULL",
          QueueAction.SETTLE_NOT_SENT,
          "state = 'error', told_state = 'error', told_at = :now, failure_text = left('Settled as"
              + " not sent by ' || :who || '; clear the error to send it. '"
              + " || coalesce(failure_text, ''), 2000)",
          QueueAction.SETTLE_AND_RETRY,
          QUEUED_NOW);

  /** Changes all that are in a state that allows it; returns those. */
  List<Long> change(Handle handle, QueueOrder order, Collection<Long> ids, Instant now) {
    QueueAction action = order.action();
    String further = FURTHER.getOrDefault(action, "true");
    String set = CHANGES.get(action);
    if (set == null) {
      throw new IllegalArgumentException(action + " is no simple change.");
    }
    return handle
        .createQuery(CHANGE.formatted(further, set))
        .bindArray("ids", Long.class, ids)
        .bindArray("from", String.class, action.from())
        .bind("who", order.who())
        .bind("what", action.label())
        .bind("text", action.done() + ".")
        .bind("now", now)
        .mapTo(Long.class)
        .list();
  }

  /** Locks a package that is in one of these states. */
  Optional<QueueEntry> lock(Handle handle, long id, Collection<String> from) {
    return handle
        .createQuery(
            QueueListStore.COLUMNS + " WHERE p.id = :id AND p.state = ANY(:from) FOR UPDATE OF p")
        .bind("id", id)
        .bindArray("from", String.class, from)
        .map(QueueListStore::entry)
        .findOne();
  }

  /** Locks a package whose sidecar gave no sign of life in time. */
  Optional<DeadLease> lockDead(Handle handle, long id, Instant now) {
    return handle
        .createQuery(
            """
            SELECT id, attempt_id, on_uncertain FROM work_package p
             WHERE id = :id AND state = 'sending' AND lease_until < :now
               AND NOT EXISTS (SELECT 1 FROM sidecar s
                                WHERE s.owner = p.lease_owner AND s.lease_until >= :now)
               FOR UPDATE""")
        .bind("id", id)
        .bind("now", now)
        .map(LeaseStore::deadLease)
        .findOne();
  }

  void recipient(Handle handle, long id, EmailAddress recipient, Instant now) {
    int rows =
        handle
            .createUpdate(
                """
                UPDATE work_package SET recipient = :text, recipient_key = :key, domain = :domain,
                       changed_at = :now
                 WHERE id = :id AND state IN ('ready', 'waiting', 'error')""")
            .bind("text", recipient.text())
            .bind("key", recipient.key())
            .bind("domain", recipient.domain())
            .bind("id", id)
            .bind("now", now)
            .execute();
    if (rows != 1) {
      throw new IllegalStateException("Work package " + id + " was not locked.");
    }
  }

  /** Ask with the package locked. */
  boolean wasSentAgain(Handle handle, long id) {
    return handle
        .createQuery("SELECT EXISTS (SELECT 1 FROM work_package WHERE again_of = :id)")
        .bind("id", id)
        .mapTo(Boolean.class)
        .one();
  }

  /**
   * The next generation of a package that has none yet.
   *
   * @param contentId null: a callback, which has no mail
   */
  long again(Handle handle, long id, @Nullable Long contentId, Instant now) {
    return handle
        .createQuery(
            """
            INSERT INTO work_package (processor, priority, state, recipient, recipient_key, domain,
                   content_id, event_id, message, document, on_uncertain, due_at, expires_at,
                   created_at, changed_at, role, in_charge, redelivery, category, generation,
                   again_of)
            SELECT processor, priority, 'ready', recipient, recipient_key, domain,
                   :content, event_id, message, document, on_uncertain, :now,
                   CAST(:now AS timestamptz) + greatest(expires_at - created_at, interval '1 hour'),
                   :now, :now, role, in_charge, redelivery, category, generation + 1, id
              FROM work_package WHERE id = :id
            RETURNING id""")
        .bind("id", id)
        .bind("content", contentId)
        .bind("now", now)
        .mapTo(Long.class)
        .one();
  }

  Map<Long, String> states(Handle handle, Collection<Long> ids) {
    Map<Long, String> states = new LinkedHashMap<>();
    handle
        .createQuery("SELECT id, state FROM work_package WHERE id = ANY(:ids)")
        .bindArray("ids", Long.class, ids)
        .map((row, context) -> Map.entry(row.getLong("id"), row.getString("state")))
        .forEach(each -> states.put(each.getKey(), each.getValue()));
    return states;
  }
}
