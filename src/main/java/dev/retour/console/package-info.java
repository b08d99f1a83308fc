/**
 * Pages for operators and the answers of the HTTP interface; reports.
 *
 * <p>Level 4. Owns no table. What it changes it changes through the rooms below: it takes events in
 * ({@code EventIntake}), changes the queue and the recipients of mails that wait ({@code
 * QueueDesk}), puts messages in force and takes them out ({@code MessageLifecycle}), sends proofs
 * ({@code Proofs}) and takes unsubscriptions ({@code Subscribers}). It reads {@code event_status},
 * {@code event}, {@code work_package}, {@code attempt}, {@code bounce}, {@code bounce_recipient}
 * and {@code address} through its {@code Console…Store} read models, for which {@code V005} adds
 * two indexes. Routes {@code routes/console/}; policy {@code failure-http}; settings {@code
 * console.*} ({@link dev.retour.console.ConsoleConfig}). Templates, words (English, German) and
 * files are in the resource folder of this package.
 *
 * <p>An endpoint is a bean whose method returns an {@link dev.retour.console.Answer}; the shared
 * route {@code direct:http-answer} turns it into the HTTP response. Recipients come to {@code
 * /unsubscribe/} only ({@link dev.retour.console.UnsubscribePage}). Errors are {@link
 * dev.retour.console.Problem}s (RFC 9457). What strangers wrote passes three walls: cut in SQL,
 * made visible by the templates' object wrapper, escaped by the templates.
 *
 * <p>Called by {@code app} only, through {@link dev.retour.console.ConsoleModule}; {@code app}
 * gives it {@link dev.retour.console.SystemState} and {@link dev.retour.console.CapturedMails}.
 */
@NullMarked
package dev.retour.console;

import org.jspecify.annotations.NullMarked;
