package dev.retour.delivery;

import dev.retour.qualification.FailureType;
import dev.retour.qualification.Reason;

/**
 * A qualified failure (spec B1).
 *
 * @param text what the server said, or the fault in words; bounded
 * @param ruleId the rule that decided
 */
public record Failure(FailureType type, Reason reason, String text, String ruleId) {}
