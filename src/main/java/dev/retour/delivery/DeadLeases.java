package dev.retour.delivery;

import dev.retour.mail.OnUncertain;
import java.time.Instant;
import org.jdbi.v3.core.Handle;

/** What becomes of packages whose sidecar is gone. */
final class DeadLeases {
  private final AttemptStore attempts = new AttemptStore();

  /** The attempt is given up; what its package becomes depends on how far it came. */
  Release after(Handle handle, DeadLease lease, Instant now) {
    if (attempts.lost(
        handle, lease.attemptId(), "The sidecar was gone before the mail was handed over.", now)) {
      return new Release(
          PackageState.READY,
          now,
          "Returned to the queue: its sidecar was gone before the mail was handed over.");
    }
    attempts.ended(
        handle,
        lease.attemptId(),
        "uncertain",
        "The sidecar was gone between the body and the stored answer.",
        now);
    if (lease.onUncertain() == OnUncertain.RESEND) {
      return new Release(
          PackageState.WAITING,
          now,
          "Outcome unknown; sent again with the same Message-ID, as its message wants it.");
    }
    return new Release(
        PackageState.UNCERTAIN,
        null,
        "Outcome unknown: the sidecar was gone between the body and the stored answer. Held until"
            + " a bounce or a person settles it.");
  }
}
