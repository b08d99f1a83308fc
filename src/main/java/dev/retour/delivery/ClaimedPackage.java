package dev.retour.delivery;

import dev.retour.mail.OnUncertain;
import dev.retour.quarantine.GateRequest;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A work package this sidecar holds the lease of, with the attempt whose row is already committed.
 *
 * @param attempt the number of this attempt, 1 for the first
 * @param firstAttemptAt when the first attempt began
 * @param spent how many attempts count for the redelivery policy, this one included
 * @param redelivery what the event asked for instead of the policy
 * @param gate how it asks the gate
 */
public record ClaimedPackage(
    long id,
    long attemptId,
    int attempt,
    Instant firstAttemptAt,
    String recipient,
    String recipientKey,
    String domain,
    long contentId,
    @Nullable UUID eventId,
    String message,
    OnUncertain onUncertain,
    Instant queuedAt,
    Instant expiresAt,
    int spent,
    RedeliveryRequest redelivery,
    GateRequest gate) {

  /** How the history of an address names this attempt. */
  String reference() {
    return "attempt " + attemptId;
  }

  /** How many attempts do not count. */
  int unspent() {
    return attempt - spent;
  }
}
