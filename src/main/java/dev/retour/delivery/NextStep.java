package dev.retour.delivery;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Where a failed package goes: waiting (with its due time), error, expired, uncertain. */
record NextStep(PackageState state, @Nullable Instant dueAt, Failure failure) {}
