package dev.retour.qualification;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One row of the qualification table (spec B7): a kind of failure text.
 *
 * @param text normalised, see {@link Normaliser}
 * @param firstText the first text of the kind, as it was said; bounded
 * @param occurrences counted up to {@link QualificationTable#OCCURRENCES_MAX}
 * @param type as the rules said last, or as a person decided
 * @param reason the same
 * @param ruleId the rule that said so last; null when a person decided
 * @param decidedBy the person; null while the rules decide
 */
public record QualifiedText(
    long id,
    String text,
    String firstText,
    int occurrences,
    QualificationStatus status,
    FailureType type,
    Reason reason,
    @Nullable String ruleId,
    Instant firstSeenAt,
    Instant lastSeenAt,
    @Nullable String decidedBy) {}
