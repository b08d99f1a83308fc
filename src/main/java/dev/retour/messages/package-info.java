/**
 * Event types and the messages they become: what may come in, the mail it turns into, and the life
 * cycle of both (spec C2 to C6).
 *
 * <p>Level 2. Tables {@code message}, {@code message_version}, {@code message_content} and {@code
 * message_log}. Called by {@code events} (which reads, validates and stores events and asks for
 * mails), {@code console} (samples, schemas, life cycle) and {@code app} (the folder, commands).
 *
 * <p>What a folder holds is a draft. {@link dev.retour.messages.MessageLifecycle#publish} checks it
 * as a whole and makes it a version whose files never change; only versions become mails, apart
 * from proofs of a folder.
 *
 * <p>Files: one folder per event type below {@code messages/}, and {@code messages/_shared} for
 * what several use. In {@code messages/EVT…/}:
 *
 * <ul>
 *   <li>{@code event.yaml}: id, description, from, replyTo, fields, collections, enrichment,
 *       recipient, document, attachments, priority, onUncertain, validity, retention, language,
 *       languageField, languages, headers, unsubscribe
 *   <li>{@code subject.txt} and {@code message.mjml} (or {@code message.html}): required
 *   <li>{@code message.txt}: the text part; derived from the HTML when it is missing
 *   <li>{@code subject.de.txt}, {@code message.de.mjml} …: the same in another language
 *   <li>{@code images/*.png, *.jpg, *.gif}: what the HTML shows as {@code cid:logo.png}
 *   <li>{@code test-profiles/*.json}: request bodies that must be valid and must render, with what
 *       other databases would say under {@code enriched}; the one named {@code sample} is what
 *       {@link dev.retour.messages.EventType#sample()} gives out
 * </ul>
 *
 * <p>Templates are FreeMarker with square brackets: {@code [=ctx.customerName]}, {@code [#list
 * ctx.items as item]}. They see {@code ctx}, {@code email}, {@code document} (id, version,
 * fileName), {@code language}, {@code eventType}, {@code date}, {@code unsubscribeUrl} where the
 * message declares {@code unsubscribe} and, outside subject and headers, {@code subject}. HTML is
 * escaped. A value of type {@code money} is {@code {"amount": 12.5, "currency": "EUR"}} and is
 * written in the format of the language.
 *
 * <p>What other databases know of an event ({@link dev.retour.messages.Enricher}) is an object by
 * the id of its enrichment: {@code [=ctx.customer.name]}, in a collection {@code
 * [=item.catalog.title]}. A value with labels is {@code [=ctx.size]} and {@code [=ctx.size.label]}.
 *
 * <p>A request body is {@code {"email", "cc", "bcc", "scheduled", "expiration", "redelivery",
 * "inCharge", "tellAfter", "ctx", "document", "attachments"}}; the document is {@code {"id",
 * "version", "fileName", "contentType", "content"}} with the content in base64. {@code attachments}
 * is a list of such files; where the event type names stores, a file may have {@code reference:
 * {"store", "key"}} instead of content. Unknown fields and null are refused; times need an offset.
 *
 * <p>Settings: {@link dev.retour.messages.MessagesConfig}.
 */
@NullMarked
package dev.retour.messages;

import org.jspecify.annotations.NullMarked;
