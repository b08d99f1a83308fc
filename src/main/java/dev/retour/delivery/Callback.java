package dev.retour.delivery;

/**
 * A fact this sidecar holds the lease of, to tell it to the ERP.
 *
 * @param sequence its number in the queue: of two facts the later one has the higher number, but
 *     for those written at the same moment
 */
public record Callback(ClaimedPackage claimed, long sequence, ToldFact fact) {}
