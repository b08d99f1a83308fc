/**
 * Event types and the messages they become: schema, templates, rendering (spec C2, C3).
 *
 * <p>Level 2. Files {@code messages/EVT…/}; no table yet.
 */
@NullMarked
package dev.retour.messages;

import org.jspecify.annotations.NullMarked;
