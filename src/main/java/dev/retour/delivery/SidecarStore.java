package dev.retour.delivery;

import java.time.Instant;
import org.jdbi.v3.core.Handle;

/** Table {@code sidecar}: the heartbeat of all that send from this database. */
final class SidecarStore {
  private static final String RENEW =
      """
      INSERT INTO sidecar (owner, lease_until) VALUES (:owner, :until)
      ON CONFLICT (owner) DO UPDATE SET lease_until = excluded.lease_until""";

  private static final String FORGET = "DELETE FROM sidecar WHERE lease_until < :before";

  void renew(Handle handle, Lease lease) {
    int rows =
        handle
            .createUpdate(RENEW)
            .bind("owner", lease.owner())
            .bind("until", lease.until())
            .execute();
    if (rows != 1) {
      throw new IllegalStateException("The heartbeat of " + lease.owner() + " left no trace.");
    }
  }

  /** Those that are gone for good; without a row a sidecar counts as dead just the same. */
  int forget(Handle handle, Instant before) {
    return handle.createUpdate(FORGET).bind("before", before).execute();
  }
}
