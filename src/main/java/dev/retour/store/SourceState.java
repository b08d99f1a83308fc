package dev.retour.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether a source answers, as it was last seen.
 *
 * @param asked whether it was ever asked
 * @param fault null as long as it answers
 * @param since when that began
 */
public record SourceState(
    String id, boolean asked, @Nullable String fault, @Nullable Instant since) {}
