/**
 * How the ERP is told, and how it hands over work through its own tables.
 *
 * <p>{@link dev.retour.erp.Callbacks} tells it facts by HTTP, signed, each at least once; {@link
 * dev.retour.delivery.Facts} writes them down where they happen. {@link
 * dev.retour.erp.RotatingSecrets} are replaced without a restart.
 *
 * <p>Level 3. Routes {@code routes/erp/}; rules: the policy {@code callback} of {@code
 * rules/redelivery.rules.yaml}; settings {@code callback.*}, {@code erp.*}.
 */
@NullMarked
package dev.retour.erp;

import org.jspecify.annotations.NullMarked;
