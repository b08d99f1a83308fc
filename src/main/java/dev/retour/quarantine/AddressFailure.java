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
 */
public record AddressFailure(
    String addressKey,
    FailureType type,
    Reason reason,
    String text,
    String ruleId,
    Cause cause,
    @Nullable String reference) {}
