/**
 * How much a domain may be sent, where its mail goes, and when sending to it pauses (spec B8).
 *
 * <p>Level 1; called by delivery (at each turn of the queue, before a socket opens, after the
 * answer and when a mail comes back) and by app (commands, health, reload). Tables {@code
 * domain_traffic}, {@code domain_suspension}, {@code domain_history}, {@code mx_share}, {@code
 * mx_slot}; routes {@code routes/domains/}; rules {@code rules/domains.rules.yaml} and {@code
 * rules/mx.rules.yaml}; settings {@code domains.*}. What it does is in docs/delivery.md.
 */
@NullMarked
package dev.retour.domains;

import org.jspecify.annotations.NullMarked;
