/**
 * How work arrives: an event is checked, stored, answered with 202 and turned into a work package
 * (spec C4).
 *
 * <p>Level 3. Table {@code event}; routes {@code routes/events/}.
 */
@NullMarked
package dev.retour.events;

import org.jspecify.annotations.NullMarked;
