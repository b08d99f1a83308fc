package dev.retour.delivery;

import java.time.Instant;
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
}
