/**
 * How the ERP is told, and how it hands over work through its own tables.
 *
 * <p>Level 3. Routes {@code routes/erp/}.
 */
@NullMarked
package dev.retour.erp;

import org.jspecify.annotations.NullMarked;
