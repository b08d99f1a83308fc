package dev.retour.delivery;

import dev.retour.store.Columns;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Table {@code send_guard}. */
final class SendGuardStore {
  boolean insert(Handle handle, SendIntent intent, UUID event, Instant now) {
    return handle
            .createUpdate(
                """
                INSERT INTO send_guard (key, parts, event_id, created_at)
                VALUES (:key, CAST(:parts AS jsonb), :event, :now) ON CONFLICT DO NOTHING""")
            .bind("key", intent.sha256())
            .bind("parts", intent.json())
            .bind("event", event)
            .bind("now", now)
            .execute()
        == 1;
  }

  /** In the order of the keys: two transactions with the same ones wait for, not on each other. */
  Set<UUID> insert(Handle handle, List<Map.Entry<UUID, SendIntent>> intents, Instant now) {
    return handle
        .createQuery(
            """
            INSERT INTO send_guard (key, parts, event_id, created_at)
            SELECT key, CAST(parts AS jsonb), event_id, :now
              FROM unnest(:keys, :parts, :events)
                   WITH ORDINALITY AS asked (key, parts, event_id, position)
             ORDER BY key, position
            ON CONFLICT DO NOTHING RETURNING event_id""")
        .bind("keys", Columns.bytes(intents, each -> each.getValue().sha256()))
        .bind("parts", Columns.texts(intents, each -> each.getValue().json()))
        .bind("events", Columns.of("uuid", intents, Map.Entry::getKey))
        .bind("now", now)
        .mapTo(UUID.class)
        .set();
  }

  UUID holder(Handle handle, SendIntent intent) {
    return handle
        .createQuery("SELECT event_id FROM send_guard WHERE key = :key FOR UPDATE")
        .bind("key", intent.sha256())
        .mapTo(UUID.class)
        .one();
  }

  void pass(Handle handle, SendIntent intent, UUID event, Instant now) {
    int rows =
        handle
            .createUpdate(
                "UPDATE send_guard SET event_id = :event, created_at = :now WHERE key = :key")
            .bind("key", intent.sha256())
            .bind("event", event)
            .bind("now", now)
            .execute();
    if (rows != 1) {
      throw new IllegalStateException("The guard of a document vanished while it was locked.");
    }
  }

  void delete(Handle handle, SendIntent intent, UUID event) {
    handle
        .createUpdate("DELETE FROM send_guard WHERE key = :key AND event_id = :event")
        .bind("key", intent.sha256())
        .bind("event", event)
        .execute();
  }

  /** The events are removed: what they sent is no longer known. */
  void forget(Handle handle, Collection<UUID> events) {
    handle
        .createUpdate("DELETE FROM send_guard WHERE event_id = ANY(:events)")
        .bindArray("events", UUID.class, events)
        .execute();
  }

  /** The newest, which names the recipients as they are now. */
  Optional<SendIntent> ofEvent(Handle handle, UUID event) {
    return handle
        .createQuery(
            """
            SELECT parts::text FROM send_guard WHERE event_id = :event
             ORDER BY created_at DESC LIMIT 1""")
        .bind("event", event)
        .mapTo(String.class)
        .findOne()
        .map(SendIntent::of);
  }

  boolean mayReachSomebody(Handle handle, UUID event) {
    return handle
        .createQuery(
            """
            SELECT EXISTS (SELECT 1 FROM work_package
                            WHERE event_id = :event AND state NOT IN ('expired', 'cancelled'))""")
        .bind("event", event)
        .mapTo(Boolean.class)
        .one();
  }

  /** Whether it has no packages yet, but may get some. */
  boolean maySend(Handle handle, UUID event) {
    return handle
        .createQuery(
            """
            SELECT EXISTS (SELECT 1 FROM event WHERE id = :event AND status IN ('pending', 'paused'))""")
        .bind("event", event)
        .mapTo(Boolean.class)
        .one();
  }
}
