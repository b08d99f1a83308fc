package dev.retour.delivery;

/** A package whose sidecar died while it was sending. */
record DeadLease(long packageId, long attemptId, OnUncertain onUncertain) {}
