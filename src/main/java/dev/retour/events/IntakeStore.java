package dev.retour.events;

import dev.retour.mail.EmailAddress;
import dev.retour.messages.Attachment;
import dev.retour.messages.DeliveryWishes;
import dev.retour.messages.Document;
import dev.retour.store.Columns;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;
import org.jspecify.annotations.Nullable;

/** Table {@code event}, as events come in. */
final class IntakeStore {
  private static final String INSERT =
      """
      INSERT INTO event (id, event_type, email, email_key, payload, document, document_id,
             idempotency_key, request_hash, scheduled_at, expires_at, redelivery, copies,
             in_charge, tell_after, attachments, first_status, status, reason, fault, due_at,
             received_at, changed_at)
      SELECT id, event_type, email, email_key, payload, document, document_id,
             idempotency_key, request_hash, scheduled_at, expires_at, redelivery, copies,
             in_charge, make_interval(secs => tell_after), attachments, status, status, reason,
             fault, due_at, :now, :now
        FROM unnest(:ids, :types, :emails, :keys, :payloads, :documents, :documentIds,
                    :idempotencyKeys, :hashes, :scheduled, :expires, :redelivery, :copies,
                    :inCharge, :tellAfter, :attachments, :statuses, :reasons, :faults, :due)
             AS e (id, event_type, email, email_key, payload, document, document_id,
                   idempotency_key, request_hash, scheduled_at, expires_at, redelivery, copies,
                   in_charge, tell_after, attachments, status, reason, fault, due_at)
      ON CONFLICT ON CONSTRAINT event_idempotent DO NOTHING
      RETURNING id""";

  private final AttachmentStore attachments = new AttachmentStore();

  private static final String EARLIER =
      """
      SELECT asking.id AS asking, e.id, e.request_hash,
             coalesce(e.first_status, 'pending') AS status
        FROM unnest(:ids, :types, :keys) AS asking (id, type, key)
        JOIN event e ON e.event_type = asking.type AND e.idempotency_key = asking.key""";

  /**
   * What is stored under an idempotency key.
   *
   * @param status as the first answer said
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by answer only
  record Earlier(UUID id, byte[] requestHash, String status) {
    /** What a request under the same key is answered. */
    IntakeAnswer answer(byte[] hash) {
      return Arrays.equals(requestHash, hash)
          ? new IntakeAnswer.Replayed(id, status)
          : new IntakeAnswer.Conflict(id);
    }
  }

  /** Where a stored event begins: pending with a due time, or ended at once with a reason. */
  record Beginning(
      String status, @Nullable Integer reason, @Nullable String fault, @Nullable Instant dueAt) {}

  /** An event and how it begins. */
  record Begun(NewEvent event, Beginning beginning) {
    @Nullable Document document() {
      return event.payload().document();
    }

    List<Attachment> attachments() {
      return event.payload().attachments();
    }

    DeliveryWishes wishes() {
      return event.payload().wishes();
    }
  }

  /**
   * Stores events.
   *
   * @return those stored; the idempotency keys of the others are taken
   */
  Set<UUID> insert(Handle handle, List<Begun> events, Instant now) {
    Set<UUID> stored =
        handle
            .createQuery(INSERT)
            .bind("ids", Columns.of("uuid", events, each -> each.event().id()))
            .bind("types", Columns.texts(events, each -> each.event().eventType()))
            .bind("emails", Columns.texts(events, each -> address(each, EmailAddress::text)))
            .bind("keys", Columns.texts(events, each -> address(each, EmailAddress::key)))
            .bind("payloads", json(events, each -> each.event().payload().ctx()))
            .bind("documents", json(events, each -> StoredDocument.json(each.document())))
            .bind("documentIds", Columns.texts(events, IntakeStore::documentId))
            .bind("idempotencyKeys", Columns.texts(events, each -> each.event().idempotencyKey()))
            .bind("hashes", Columns.bytes(events, each -> each.event().requestHash()))
            .bind("scheduled", Columns.times(events, each -> each.event().payload().scheduled()))
            .bind("expires", Columns.times(events, each -> each.event().payload().expiration()))
            .bind("redelivery", json(events, each -> each.event().payload().redelivery()))
            .bind("copies", json(events, each -> StoredCopies.json(each.wishes())))
            .bind("inCharge", Columns.texts(events, each -> each.wishes().inCharge()))
            .bind("tellAfter", Columns.of("float8", events, IntakeStore::tellAfterSeconds))
            .bind("attachments", json(events, each -> StoredDocument.json(each.attachments())))
            .bind("statuses", Columns.texts(events, each -> each.beginning().status()))
            .bind("reasons", Columns.of("int4", events, each -> each.beginning().reason()))
            .bind("faults", Columns.texts(events, each -> each.beginning().fault()))
            .bind("due", Columns.times(events, each -> each.beginning().dueAt()))
            .bind("now", now)
            .mapTo(UUID.class)
            .set();
    attachments.keep(
        handle,
        events.stream().map(Begun::event).filter(each -> stored.contains(each.id())).toList());
    return stored;
  }

  private static @Nullable String address(Begun begun, Function<EmailAddress, String> part) {
    EmailAddress email = begun.event().email();
    return email == null ? null : part.apply(email);
  }

  private static Argument json(List<Begun> events, Function<Begun, @Nullable Object> column) {
    return Columns.of(
        "jsonb",
        events,
        each -> {
          Object value = column.apply(each);
          return value == null ? null : value.toString();
        });
  }

  private static @Nullable String documentId(Begun begun) {
    return begun.document() == null ? null : begun.document().id();
  }

  /** What is stored under the keys of these events, by the id of the one that brings the key. */
  Map<UUID, Earlier> earlier(Handle handle, List<NewEvent> keyed) {
    return earlier(
        handle,
        Columns.of("uuid", keyed, NewEvent::id),
        Columns.texts(keyed, NewEvent::eventType),
        Columns.texts(keyed, NewEvent::idempotencyKey));
  }

  /** What is stored under keys of one type, by key; an empty one is none. */
  Map<String, Earlier> earlier(Handle handle, String type, List<String> keys) {
    Map<UUID, String> asking = new LinkedHashMap<>();
    keys.stream()
        .filter(key -> !key.isEmpty())
        .distinct()
        .forEach(key -> asking.put(new UUID(0, asking.size()), key));
    if (asking.isEmpty()) {
      return Map.of();
    }
    List<UUID> ids = List.copyOf(asking.keySet());
    Map<String, Earlier> found = new HashMap<>();
    earlier(
            handle,
            Columns.of("uuid", ids, id -> id),
            Columns.texts(ids, id -> type),
            Columns.texts(ids, asking::get))
        .forEach((id, earlier) -> found.put(Objects.requireNonNull(asking.get(id)), earlier));
    return found;
  }

  private static Map<UUID, Earlier> earlier(
      Handle handle, Argument ids, Argument types, Argument keys) {
    return handle
        .createQuery(EARLIER)
        .bind("ids", ids)
        .bind("types", types)
        .bind("keys", keys)
        .reduceRows(
            new HashMap<>(),
            (found, row) -> {
              found.put(
                  row.getColumn("asking", UUID.class),
                  new Earlier(
                      row.getColumn("id", UUID.class),
                      row.getColumn("request_hash", byte[].class),
                      row.getColumn("status", String.class)));
              return found;
            });
  }

  private static @Nullable Double tellAfterSeconds(Begun begun) {
    Duration length = begun.wishes().tellAfter();
    return length == null ? null : length.toMillis() / 1_000.0;
  }
}
