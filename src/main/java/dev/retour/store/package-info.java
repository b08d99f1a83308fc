/**
 * Where things are kept: the embedded PostgreSQL, the connection pool, the Flyway migrations and
 * transactions.
 *
 * <p>Level 0. Owns no table of its own; each room above keeps its tables in its own package-
 * private {@code …Store}.
 */
@NullMarked
package dev.retour.store;

import org.jspecify.annotations.NullMarked;
