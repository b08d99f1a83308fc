/**
 * How work arrives: an event is checked, stored, answered with 202 and turned into a work package
 * (spec C4).
 *
 * <p>{@link dev.retour.events.EventCleanUp} removes old events together with their packages.
 *
 * <p>Level 3. Table {@code event}; routes {@code routes/events/}, one of {@code routes/clean-up/}.
 */
@NullMarked
package dev.retour.events;

import org.jspecify.annotations.NullMarked;
