/**
 * The front door: {@code Main}, the command line, wiring, safe reload, health.
 *
 * <p>Level 5. The only room that knows them all, and the only one that reads the wall clock.
 */
@NullMarked
package dev.retour.app;

import org.jspecify.annotations.NullMarked;
