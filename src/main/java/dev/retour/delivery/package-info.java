/**
 * The work-package queue: claim, send by SMTP, settle, redeliver (spec A1–A5, B3).
 *
 * <p>Level 2. Tables {@code work_package}, {@code attempt}, {@code mail_content}; routes {@code
 * routes/delivery/}; rules {@code rules/redelivery.rules.yaml}.
 */
@NullMarked
package dev.retour.delivery;

import org.jspecify.annotations.NullMarked;
