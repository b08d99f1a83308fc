package dev.retour.quarantine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One change of an address.
 *
 * @param address normalised
 * @param at when
 * @param before null when the address had no row before
 * @param after state from then on
 * @param errorsBefore counter until then
 * @param errorsAfter counter from then on
 * @param reason code of the failure (spec B1); null when there was none
 * @param failureText what the other side said, or the operator's reason
 * @param ruleId the rule that decided
 * @param cause kind of evidence or act, see {@link Cause#label()}
 * @param reference the attempt, bounce or person behind it
 */
public record AddressHistoryEntry(
    String address,
    Instant at,
    @Nullable AddressState before,
    AddressState after,
    int errorsBefore,
    int errorsAfter,
    @Nullable Integer reason,
    @Nullable String failureText,
    @Nullable String ruleId,
    String cause,
    @Nullable String reference) {

  /** The same with another text. */
  public AddressHistoryEntry saying(String text) {
    return new AddressHistoryEntry(
        address,
        at,
        before,
        after,
        errorsBefore,
        errorsAfter,
        reason,
        text,
        ruleId,
        cause,
        reference);
  }

  /** Whether who writes to it has to know: barred, freed, put on a list or taken off it. */
  public boolean changesStanding() {
    AddressState former = before == null ? AddressState.VALID : before;
    return former.standing() != after.standing();
  }
}
