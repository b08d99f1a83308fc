package dev.retour.delivery;

import dev.retour.mail.OnUncertain;

/** A package whose sidecar died while it was sending. */
record DeadLease(long packageId, long attemptId, OnUncertain onUncertain) {}
