package dev.retour.domains;

import java.time.Instant;

/**
 * One line of a domain's history.
 *
 * @param what {@code suspended}, {@code resumed} (by a person) or {@code recovered} (by itself)
 * @param decidedBy {@code traffic}, or a person
 */
public record DomainEvent(Instant at, String what, String because, String decidedBy) {}
