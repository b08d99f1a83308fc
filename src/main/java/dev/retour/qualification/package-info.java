/**
 * What a failure means: the rule engine, the rule files in {@code rules/qualification/}, the
 * qualification table in which a person has the last word (spec B7), and the reasons and types of
 * spec B1.
 *
 * <p>The way of one text: {@code Subject} folds it, {@code WordScan} finds the words in it that
 * patterns require, {@code Matcher} tries the {@code Alternative}s whose words are there by their
 * {@code LazyDfa}, in the order of the rules.
 *
 * <p>Level 0. The {@code Qualifier} is pure: {@code Diagnostic} in, {@code Verdict} out, no mail,
 * no database, no clock. The {@code QualificationTable} goes over it, on a handle its caller has
 * open. Table {@code qualification}. Rules {@code rules/qualification/NN-topic.rules.yaml} with
 * {@code known-words.txt}. Settings {@code qualification.*}. Every room from delivery upwards may
 * ask both; only {@code QualificationModule} knows Camel.
 */
@NullMarked
package dev.retour.qualification;

import org.jspecify.annotations.NullMarked;
