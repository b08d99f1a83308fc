package dev.retour.delivery;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What becomes of a package whose sidecar died. */
record Release(PackageState state, @Nullable Instant dueAt, String text) {}
