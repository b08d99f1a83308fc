package dev.retour.events;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Table {@code event}, as far as values of other databases come to events. */
final class EnrichmentStore {
  private static final String ENRICHED =
      """
      UPDATE event SET enriched = CAST(:values AS jsonb), enriched_by = :version,
             email = coalesce(:email, email), email_key = coalesce(:key, email_key),
             waiting_since = NULL, fault = NULL, due_at = :now, changed_at = :now
       WHERE id = :id AND status = 'pending' AND due_at = :taken""";

  private static final String WAITING =
      """
      UPDATE event SET fault = :fault, due_at = :due, changed_at = :now,
             waiting_since = CASE WHEN :missing THEN coalesce(waiting_since, :now)
                                  ELSE waiting_since END
       WHERE id = :id AND status = 'pending' AND due_at = :taken""";

  /** What was said of an event, if it was asked for. */
  Optional<String> values(Handle handle, UUID event) {
    return handle
        .createQuery("SELECT enriched::text FROM event WHERE id = :id AND enriched IS NOT NULL")
        .bind("id", event)
        .mapTo(String.class)
        .findOne();
  }

  /** Its mail can be made now. False when it is no longer ours. */
  boolean enriched(Handle handle, Decision.Enriched decision) {
    DueEvent event = decision.event();
    return handle
            .createUpdate(ENRICHED)
            .bind("id", event.id())
            .bind("taken", event.takenUntil())
            .bind("values", decision.values())
            .bind("version", decision.version())
            .bind("email", decision.recipient() == null ? null : decision.recipient().text())
            .bind("key", decision.recipient() == null ? null : decision.recipient().key())
            .bind("now", decision.at())
            .execute()
        == 1;
  }

  /** It waits, and that counts as no try. False when it is no longer ours. */
  boolean waiting(Handle handle, Decision.Waiting decision) {
    DueEvent event = decision.event();
    Instant now = decision.at();
    return handle
            .createUpdate(WAITING)
            .bind("id", event.id())
            .bind("taken", event.takenUntil())
            .bind("fault", decision.fault())
            .bind("due", decision.due())
            .bind("missing", decision.missing())
            .bind("now", now)
            .execute()
        == 1;
  }
}
