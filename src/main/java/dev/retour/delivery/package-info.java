/**
 * The work-package queue: claim, send by SMTP, settle, redeliver (spec A1–A5, A8, B3). A mailbox
 * that cannot be used is paused; the mails that meet it wait and spend no attempt.
 *
 * <p>SMTP: {@code MailRouter} finds the way, {@code RelayPools} and {@code TransportPool} keep
 * sessions, {@code SmtpOpening} makes one (TLS, login), {@code SmtpTransaction} hands a mail over.
 *
 * <p>Level 2. Tables {@code work_package}, {@code attempt}, {@code mail_content}; routes {@code
 * routes/delivery/}; rules {@code rules/redelivery.rules.yaml}.
 */
@NullMarked
package dev.retour.delivery;

import org.jspecify.annotations.NullMarked;
