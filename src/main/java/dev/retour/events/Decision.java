package dev.retour.events;

import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.slf4j.event.Level;

/**
 * What is to become of an event.
 *
 * @param change makes it so; false when the event is no longer ours
 * @param bytes of the mail it holds in memory until then
 * @param sentence for the log, once it is so
 */
record Decision(
    DueEvent event, Predicate<Handle> change, int bytes, Level level, String sentence) {}
