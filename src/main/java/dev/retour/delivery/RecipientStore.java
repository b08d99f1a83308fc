package dev.retour.delivery;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Table {@code work_package}, seen by whom it wrote to. */
public final class RecipientStore {
  private RecipientStore() {}

  /** Different addresses of a domain that mails were queued for since then. */
  public static long addresses(Handle handle, String domain, Instant since) {
    return handle
        .createQuery(
            """
            SELECT count(DISTINCT recipient_key) FROM work_package
             WHERE domain = :domain AND created_at >= :since""")
        .bind("domain", domain)
        .bind("since", since)
        .mapTo(Long.class)
        .one();
  }

  /** Who can unsubscribe by the link in the mail of an event. */
  static List<Subscribers.Subscriber> subscribers(Handle handle, UUID event) {
    return handle
        .createQuery(
            """
            SELECT DISTINCT recipient_key, category FROM work_package
             WHERE event_id = :event AND category IS NOT NULL AND processor = 'mail'
             ORDER BY recipient_key LIMIT 10""")
        .bind("event", event)
        .map(
            (row, context) ->
                new Subscribers.Subscriber(
                    row.getString("recipient_key"), row.getString("category")))
        .list();
  }
}
