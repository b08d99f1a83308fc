/**
 * How much a domain may be sent: domain and MX rules, suspension (spec B8). Its place is kept here;
 * the issue "Delivery" fills it.
 *
 * <p>Level 1.
 */
@NullMarked
package dev.retour.domains;

import org.jspecify.annotations.NullMarked;
