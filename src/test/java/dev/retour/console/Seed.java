package dev.retour.console;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Rows as the other rooms write them, straight into the tables. */
final class Seed {
  private static final AtomicLong count = new AtomicLong();

  private final Jdbi jdbi;

  Seed(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  UUID event(
      String email, String status, @Nullable Integer reason, @Nullable String fault, Instant at) {
    UUID id = UUID.randomUUID();
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    INSERT INTO event (id, event_type, email, email_key, payload, request_hash,
                                       status, reason, fault, due_at, received_at, changed_at)
                    VALUES (:id, 'EVTinvoiceIssued', :email, lower(:email), '{}', '\\x00', :status,
                            :reason, :fault,
                            CASE WHEN :status = 'pending' THEN CAST(:at AS timestamptz) END,
                            :at, :at)""")
                .bind("id", id)
                .bind("email", email)
                .bind("status", status)
                .bind("reason", reason)
                .bind("fault", fault)
                .bind("at", at)
                .execute());
    return id;
  }

  long workPackage(
      @Nullable UUID event, String recipient, String state, @Nullable String text, Instant at) {
    boolean failed = text != null;
    return jdbi.withHandle(
        handle -> {
          long content =
              handle
                  .createUpdate(
                      """
                      INSERT INTO mail_content (message_id, subject, raw, created_at)
                      VALUES (:message, 'Your invoice', '\\x00', :at)""")
                  .bind("message", "<" + count.incrementAndGet() + "@retour.example>")
                  .bind("at", at)
                  .executeAndReturnGeneratedKeys("id")
                  .mapTo(Long.class)
                  .one();
          return handle
              .createUpdate(
                  """
                  INSERT INTO work_package (processor, state, recipient, recipient_key, domain,
                      content_id, event_id, message, document, attempts, due_at, expires_at,
                      lease_owner, lease_until, failure_type, failure_reason, failure_text,
                      created_at, changed_at)
                  VALUES ('mail', :state, :recipient, lower(:recipient), 'example.com', :content,
                      CAST(:event AS uuid), 'EVTinvoiceIssued', 'INV-2026-0815', 1,
                      CASE WHEN :state IN ('ready', 'waiting')
                           THEN CAST(:at AS timestamptz) + interval '10 minutes' END,
                      CAST(:at AS timestamptz) + interval '3 days',
                      CASE WHEN :state = 'sending' THEN 'sidecar-1' END,
                      CASE WHEN :state = 'sending' THEN CAST(:at AS timestamptz) END,
                      CASE WHEN :failed THEN 'hard' END, CASE WHEN :failed THEN 1 END, :text,
                      :at, :at)""")
              .bind("state", state)
              .bind("recipient", recipient)
              .bind("content", content)
              .bind("event", event)
              .bind("failed", failed)
              .bind("text", text)
              .bind("at", at)
              .executeAndReturnGeneratedKeys("id")
              .mapTo(Long.class)
              .one();
        });
  }

  long bounce(String kind, String folder, String subject, String sender, Instant at) {
    long number = count.incrementAndGet();
    return jdbi.withHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    INSERT INTO bounce (mailbox, raw_sha256, raw, raw_bytes, received_at, kind,
                                        folder, subject, sender, correlation)
                    VALUES ('imap bounces@127.0.0.1', :hash, '\\x00', 1, :at, :kind, :folder,
                            :subject, :sender, 'token')""")
                .bind("hash", Long.toString(number).getBytes(StandardCharsets.UTF_8))
                .bind("at", at)
                .bind("kind", kind)
                .bind("folder", folder)
                .bind("subject", subject)
                .bind("sender", sender)
                .executeAndReturnGeneratedKeys("id")
                .mapTo(Long.class)
                .one());
  }

  void verdict(long bounce, String address, int reason, String diagnostic, String consequence) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    INSERT INTO bounce_recipient (bounce_id, reported, failure_type,
                        failure_reason, status_code, diagnostic, rule_id, rules_version,
                        consequence)
                    VALUES (:bounce, :address, 'hard', :reason, '5.1.1', :diagnostic,
                            'user-unknown', '1', :consequence)""")
                .bind("bounce", bounce)
                .bind("address", address)
                .bind("reason", reason)
                .bind("diagnostic", diagnostic)
                .bind("consequence", consequence)
                .execute());
  }

  void address(String address, String state, int errors, int reason, String text, Instant at) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    INSERT INTO address (address, domain, state, errors, reason, failure_text,
                                         changed_at)
                    VALUES (lower(:address), 'example.com', :state, :errors, :reason, :text,
                            :at)""")
                .bind("address", address)
                .bind("state", state)
                .bind("errors", errors)
                .bind("reason", reason)
                .bind("text", text)
                .bind("at", at)
                .execute());
  }
}
