package dev.retour.quarantine;

import dev.retour.qualification.FailureType;
import dev.retour.qualification.Reason;
import org.jspecify.annotations.Nullable;

/**
 * A failure that is proved to be about a mail of ours. The caller vouches for that: no forged
 * bounce may become one of these.
 *
 * @param addressKey the normalised address we sent to
 * @param type how lasting the failure is
 * @param reason why the mail was not delivered
 * @param text what the other side said
 * @param ruleId the rule that decided
 * @param cause kind of evidence
 * @param reference the attempt or bounce, as a word that leads back to it; null when there is none
 * @param about the work package that failed; null: none of ours was found
 */
public record AddressFailure(
    String addressKey,
    FailureType type,
    Reason reason,
    String text,
    String ruleId,
    Cause cause,
    @Nullable String reference,
    @Nullable Long about) {

  /** A failure no mail is named for. */
  public AddressFailure(
      String addressKey,
      FailureType type,
      Reason reason,
      String text,
      String ruleId,
      Cause cause,
      @Nullable String reference) {
    this(addressKey, type, reason, text, ruleId, cause, reference, null);
  }
}
