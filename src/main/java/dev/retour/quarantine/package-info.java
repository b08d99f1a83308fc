/**
 * Which addresses may be written to: states, error counters and their history (spec B4, B5), and
 * the gate that every send asks last; its rules (spec B10) and who unsubscribed from what.
 *
 * <p>Level 1. Tables {@code address}, {@code address_history}, and those of the outage guard:
 * {@code quarantine_hit}, {@code outage}, {@code held_decision}; of the gate {@code gate_pass},
 * {@code gate_count}, {@code unsubscription}. Rules {@code rules/exclusions.rules.yaml}. Settings
 * {@code quarantine.*}. Beans are {@code AddressBook} and {@code AddressCleanUp}; {@code
 * DecisionUndo}, {@code OutageDecision}, {@code AddressLists} and {@code Unsubscriptions} serve the
 * operator's commands, the last one the page behind the links, too; delivery asks its gate and
 * reports answers, bounces reports proved failures and complaints, the console reads lists. {@code
 * Gate} counts mails by {@code SendCounts}, which the room delivery implements, and asks the
 * sources of the room store by {@code ExclusionStore}. Who implements {@code StandingListener} is
 * told of each change of an address's standing. Only a failure that is proved to be about a mail of
 * ours may become an {@code AddressFailure}.
 */
@NullMarked
package dev.retour.quarantine;

import org.jspecify.annotations.NullMarked;
