package dev.retour.quarantine;

import dev.retour.qualification.Reason;

/**
 * What became of an address.
 *
 * @param addressKey the normalised address
 * @param before its state until now
 * @param after its state from now on
 * @param errors significant errors counted so far
 * @param reason the reason to show; {@link Reason#ERROR_IGNORED} for an allowlisted address
 * @param sentence the consequence, for the operator
 */
public record AddressChange(
    String addressKey,
    AddressState before,
    AddressState after,
    int errors,
    Reason reason,
    String sentence) {

  /** Whether nothing more may be sent to the address, so that a retry is pointless. */
  public boolean isBarred() {
    return after == AddressState.QUARANTINED || after == AddressState.DENYLISTED;
  }
}
