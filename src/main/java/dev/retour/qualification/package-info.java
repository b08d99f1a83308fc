/**
 * What a failure means: the rule engine, the rule files in {@code rules/qualification/}, and the
 * reasons and types of spec B1.
 *
 * <p>Level 0. Pure: text in, {@code Verdict} out. Knows no mail, no database, no Camel.
 */
@NullMarked
package dev.retour.qualification;

import org.jspecify.annotations.NullMarked;
