package dev.retour.delivery;

import java.time.Instant;

/** Who holds packages, and until when nobody else may take them. */
record Lease(String owner, Instant until) {}
