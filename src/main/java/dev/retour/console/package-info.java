/**
 * Pages for operators and the answers of the HTTP interface; reports.
 *
 * <p>Level 4. Reads from the rooms below, changes nothing by itself.
 */
@NullMarked
package dev.retour.console;

import org.jspecify.annotations.NullMarked;
