/**
 * How work arrives: an event is checked, stored, answered with 202 and turned into a work package
 * (spec C4).
 *
 * <p>{@link dev.retour.events.EventIntake} takes one event, {@link dev.retour.events.BatchIntake}
 * up to 10,000 lines; both share {@code EventReader} (is it an event of its type?) and {@code
 * EntryTransaction} (may it be stored?).
 *
 * <p>Files come with an event, as parts of a form ({@link dev.retour.events.Multipart}), or are
 * read from a configured folder or table when it is accepted ({@link
 * dev.retour.events.References}). {@code AttachmentStore} keeps their bytes once, as long as an
 * event needs them.
 *
 * <p>{@link dev.retour.events.EventHolds} lets events follow their message when it is paused,
 * resumed, unpublished or repaired; {@link dev.retour.events.EventLog} finds them again.
 *
 * <p>An event that ends without a mail is a fact for the ERP, written in the transaction that ends
 * it; docs/callbacks.md.
 *
 * <p>{@code Enriching} asks other databases for what events do not bring, beside the processor and
 * outside of any transaction; what they said is stored with the event.
 *
 * <p>{@link dev.retour.events.Proofs} sends test profiles as real mails; a proof is no event.
 *
 * <p>{@link dev.retour.events.EventCleanUp} removes old events together with their packages.
 *
 * <p>Level 3. Tables {@code event}, {@code attachment}, {@code event_attachment}, {@code
 * event_refusal}; file {@code rules/attachments.yaml}; settings {@code events.*}; reads {@code
 * message}; routes {@code routes/events/}, one of {@code routes/clean-up/}.
 */
@NullMarked
package dev.retour.events;

import org.jspecify.annotations.NullMarked;
