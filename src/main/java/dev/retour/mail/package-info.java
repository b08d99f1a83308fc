/**
 * What a mail is: bounded MIME reading, delivery status notifications (RFC 3464), feedback reports
 * (RFC 5965), absence replies, free-form bounces, addresses, and signed return paths.
 *
 * <p>Level 0. Pure: no database, no clock of its own, no Camel, nothing to bind, so there is no
 * module; any room above may call it. Tables, routes and rules: none. Settings: {@link
 * dev.retour.mail.MailConfig}. Everything read here was written by strangers, so every loop and
 * buffer has a limit.
 *
 * <p>Doors: {@link dev.retour.mail.ReportReader} turns the bytes of one mail into a {@link
 * dev.retour.mail.MailReport}; {@link dev.retour.mail.ReturnPath} signs and verifies envelope
 * senders, {@link dev.retour.mail.UnsubscribeLink} the links by which recipients unsubscribe;
 * {@link dev.retour.mail.EmailAddress} reads and normalises addresses; {@link
 * dev.retour.mail.MailSigner} signs outgoing mails by DKIM and S/MIME (settings: {@link
 * dev.retour.mail.SigningConfig}; {@link dev.retour.mail.SigningRules} by domain); {@link
 * dev.retour.mail.DomainName} knows domain names of all scripts; {@link
 * dev.retour.mail.OnUncertain} is a word that messages and queue share.
 *
 * <p>The way of one mail: {@code MimeWalk} builds the tree of parts ({@code BodyReader} takes off
 * the transfer encoding), {@code Notice} parts the words of the report from the mail it returns,
 * {@code Reading} weighs the evidence, the surest first: provider notification, feedback report,
 * disposition notification, delivery status, then header and words ({@code WordReading}, {@code
 * NoticeRecipients}; the word lists are in {@code phrases.txt}). {@code Completion} fills gaps from
 * the words and the returned mail. How bad a failure is, is judged elsewhere.
 */
@NullMarked
package dev.retour.mail;

import org.jspecify.annotations.NullMarked;
