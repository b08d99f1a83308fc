/**
 * What comes back: the bounce mailboxes are polled, every mail is read, qualified, matched to what
 * was sent, and its consequence applied (spec B2, B6, B15).
 *
 * <p>Level 3. Tables {@code bounce}, {@code bounce_recipient}; routes {@code routes/bounces/}.
 */
@NullMarked
package dev.retour.bounces;

import org.jspecify.annotations.NullMarked;
