/**
 * Which addresses may be written to: states, error counters and their history (spec B4, B5), and
 * the gate that every send asks last.
 *
 * <p>Level 1. Tables {@code address}, {@code address_history}.
 */
@NullMarked
package dev.retour.quarantine;

import org.jspecify.annotations.NullMarked;
