package dev.retour.qualification;

/**
 * What a failure means, and why.
 *
 * @param type how lasting it is
 * @param reason why the mail was not delivered
 * @param ruleId the rule that decided; {@link Qualifier#UNKNOWN_REPLY} or {@link
 *     Qualifier#UNKNOWN_BOUNCE} when none did
 * @param because one sentence for the operator
 * @param rulesVersion short hash of the rule set that decided
 */
public record Verdict(
    FailureType type, Reason reason, String ruleId, String because, String rulesVersion) {}
