/**
 * Where things are kept: the embedded PostgreSQL, the connection pool, the Flyway migrations and
 * transactions.
 *
 * <p>Level 0. Owns no table of its own; each room above keeps its tables in its own package-
 * private {@code …Store}. {@link dev.retour.store.Sources} are the other databases that messages
 * and rules may read, by name ({@code rules/sources.yaml}, and {@code erp}): read-only
 * transactions, one statement ({@link dev.retour.store.ReadOnlyQuery}), values bound, within
 * limits.
 */
@NullMarked
package dev.retour.store;

import org.jspecify.annotations.NullMarked;
