package dev.retour.quarantine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One row of the address list.
 *
 * @param address normalised
 * @param domain part behind the at sign
 * @param state its state
 * @param errors significant soft errors since the counter last restarted
 * @param reason code of the last failure (spec B1); null when it never failed
 * @param failureText what the other side said last
 * @param ruleId the rule that decided last
 * @param lastErrorAt time of the last failure
 * @param lastSignificantAt time of the last failure that was counted
 * @param changedAt time of the last change
 */
public record AddressEntry(
    String address,
    String domain,
    AddressState state,
    int errors,
    @Nullable Integer reason,
    @Nullable String failureText,
    @Nullable String ruleId,
    @Nullable Instant lastErrorAt,
    @Nullable Instant lastSignificantAt,
    Instant changedAt) {

  /**
   * This failure, but not the bar that would follow from it: state and counter of the row before.
   */
  AddressEntry heldFrom(AddressEntry before) {
    return new AddressEntry(
        address,
        domain,
        AddressState.WITH_ERRORS,
        before.errors,
        reason,
        failureText,
        ruleId,
        lastErrorAt,
        before.lastSignificantAt,
        changedAt);
  }
}
