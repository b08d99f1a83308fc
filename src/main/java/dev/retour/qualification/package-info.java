/**
 * What a failure means: the rule engine, the rule files in {@code rules/qualification/}, and the
 * reasons and types of spec B1.
 *
 * <p>Level 0. Pure: {@code Diagnostic} in, {@code Verdict} out. Knows no mail, no database, no
 * clock; only {@code QualificationModule} knows Camel. Tables: none. Routes: none. Rules: {@code
 * rules/qualification/NN-topic.rules.yaml}. Settings: {@code qualification.*}. Every room from
 * delivery upwards may ask the {@code Qualifier}.
 */
@NullMarked
package dev.retour.qualification;

import org.jspecify.annotations.NullMarked;
