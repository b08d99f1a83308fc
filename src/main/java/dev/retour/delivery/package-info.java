/**
 * The work-package queue: claim, send by SMTP, settle, redeliver (spec A1–A5, A8, B3). A mailbox
 * that cannot be used is paused: its mails stand aside and spend no attempt, as those of a
 * suspended domain do; all others pass them. {@code MailRouter} says what pauses ({@code Pauses}),
 * {@code Claims} acts by it.
 *
 * <p>SMTP: {@code MailRouter} finds the way, {@code RelayPools} and {@code TransportPool} keep
 * sessions, {@code SmtpOpening} makes one (TLS, login), {@code SmtpTransaction} hands a mail over,
 * {@code SmtpVolley} many of them side by side.
 *
 * <p>{@link dev.retour.delivery.QueueDesk} is what people see of it and do with it, {@link
 * dev.retour.delivery.SendGuard} keeps one document from going out twice, {@link
 * dev.retour.delivery.ErrorDigest} tells people of failures, {@link dev.retour.delivery.Facts}
 * writes down what the ERP is told, of mails and, as the listener of the room quarantine, of
 * addresses; {@link dev.retour.delivery.CallbackQueue} hands it to the room erp. {@link
 * dev.retour.delivery.DeliveryCleanUp} removes what is settled and old. {@link
 * dev.retour.delivery.GateStore} counts what was sent for the rules of the gate, and {@link
 * dev.retour.delivery.Subscribers} knows whom a mail went to that can be unsubscribed from.
 *
 * <p>Level 2. Tables {@code work_package}, {@code work_package_open}, {@code work_package_log},
 * {@code attempt}, {@code sidecar}, {@code mail_content}, {@code send_guard}, {@code error_digest},
 * {@code callback}; reads how many rows of {@code bounce_recipient} belong to a package. Routes
 * {@code routes/delivery/}; rules {@code rules/redelivery.rules.yaml}.
 */
@NullMarked
package dev.retour.delivery;

import org.jspecify.annotations.NullMarked;
