package dev.retour.delivery;

import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
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

  boolean hasPackages(Handle handle, UUID event) {
    return handle
        .createQuery("SELECT EXISTS (SELECT 1 FROM work_package WHERE event_id = :event)")
        .bind("event", event)
        .mapTo(Boolean.class)
        .one();
  }
}
