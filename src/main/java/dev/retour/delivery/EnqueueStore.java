package dev.retour.delivery;

import dev.retour.mail.EmailAddress;
import dev.retour.store.Columns;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Tables {@code mail_content} and {@code work_package}, as mails are entered: a group of mails in
 * two statements, as each statement has the checks and triggers of its table read anew.
 */
final class EnqueueStore {
  private static final String CONTENT_IDS =
      "SELECT nextval(pg_get_serial_sequence('mail_content', 'id')) FROM generate_series(1, :count)";

  private static final String CONTENTS =
      """
      INSERT INTO mail_content (id, message_id, subject, raw, created_at) OVERRIDING SYSTEM VALUE
      SELECT id, message_id, subject, raw, :now
        FROM unnest(:ids, :messageIds, :subjects, :raws) AS m (id, message_id, subject, raw)""";

  private static final String PACKAGES =
      """
      INSERT INTO work_package (processor, priority, state, recipient, recipient_key, domain,
             content_id, event_id, message, document, on_uncertain, due_at, expires_at,
             created_at, changed_at, role, in_charge, tell_at, redelivery, category)
      SELECT processor, priority, 'ready', recipient, recipient_key, domain,
             content_id, event_id, message, document, on_uncertain, due_at, expires_at,
             :now, :now, role, in_charge, tell_at, redelivery, category
        FROM unnest(:processors, :priorities, :recipients, :keys, :domains, :contents, :events,
                    :messages, :documents, :onUncertain, :due, :expires, :roles, :inCharge,
                    :tellAt, :redelivery, :categories)
             WITH ORDINALITY
             AS p (processor, priority, recipient, recipient_key, domain, content_id, event_id,
                   message, document, on_uncertain, due_at, expires_at, role, in_charge,
                   tell_at, redelivery, category, place)
       ORDER BY place
      RETURNING id""";

  /** One package to be. */
  private record Entry(NewPackage mail, NewPackage.Copy to, long contentId, Instant due) {}

  /**
   * Enters mails, each with a package for each of its recipients.
   *
   * @param firstAttempt when a mail to a recipient is due
   * @return the id of the first package of each mail
   */
  List<Long> insert(
      Handle handle,
      List<NewPackage> mails,
      BiFunction<NewPackage, EmailAddress, Instant> firstAttempt,
      Instant now) {
    if (mails.isEmpty()) {
      return List.of();
    }
    List<Long> contents = contents(handle, mails, now);
    List<Entry> entries = new ArrayList<>();
    List<Integer> firsts = new ArrayList<>();
    for (int i = 0; i < mails.size(); i++) {
      firsts.add(entries.size());
      NewPackage mail = mails.get(i);
      for (NewPackage.Copy to : mail.recipients()) {
        Instant due = firstAttempt.apply(mail, to.recipient());
        entries.add(new Entry(mail, to, contents.get(i), due));
      }
    }
    List<Long> ids = packages(handle, entries, now);
    return firsts.stream().map(ids::get).toList();
  }

  private static List<Long> contents(Handle handle, List<NewPackage> mails, Instant now) {
    List<Long> ids =
        handle.createQuery(CONTENT_IDS).bind("count", mails.size()).mapTo(Long.class).list();
    handle
        .createUpdate(CONTENTS)
        .bindArray("ids", Long.class, ids)
        .bind("messageIds", Columns.texts(mails, NewPackage::messageId))
        .bind("subjects", Columns.texts(mails, NewPackage::subject))
        .bind("raws", Columns.bytes(mails, NewPackage::raw))
        .bind("now", now)
        .execute();
    return ids;
  }

  private static List<Long> packages(Handle handle, List<Entry> entries, Instant now) {
    List<Long> ids =
        handle
            .createQuery(PACKAGES)
            .bind("processors", Columns.texts(entries, each -> each.mail().terms().processor()))
            .bind("priorities", Columns.of("int2", entries, each -> (short) each.mail().priority()))
            .bind("recipients", Columns.texts(entries, each -> each.to().recipient().text()))
            .bind("keys", Columns.texts(entries, each -> each.to().recipient().key()))
            .bind("domains", Columns.texts(entries, each -> each.to().recipient().domain()))
            .bind("contents", Columns.of("int8", entries, Entry::contentId))
            .bind("events", Columns.of("uuid", entries, each -> each.mail().eventId()))
            .bind("messages", Columns.texts(entries, each -> each.mail().message()))
            .bind("documents", Columns.texts(entries, each -> each.mail().document()))
            .bind("onUncertain", Columns.texts(entries, each -> each.mail().onUncertain().label()))
            .bind("due", Columns.times(entries, Entry::due))
            .bind("expires", Columns.times(entries, each -> each.mail().expiresAt()))
            .bind("roles", Columns.texts(entries, each -> each.to().role().label()))
            .bind("inCharge", Columns.texts(entries, each -> each.mail().terms().inCharge()))
            .bind("tellAt", Columns.times(entries, each -> each.mail().terms().tellAt()))
            .bind("redelivery", Columns.of("jsonb", entries, EnqueueStore::redelivery))
            .bind("categories", Columns.texts(entries, each -> each.mail().terms().category()))
            .bind("now", now)
            .mapTo(Long.class)
            .list();
    if (ids.size() != entries.size()) {
      throw new IllegalStateException(
          "Of " + entries.size() + " packages " + ids.size() + " were entered.");
    }
    return ids;
  }

  private static @Nullable String redelivery(Entry entry) {
    RedeliveryRequest request = entry.mail().terms().redelivery();
    return request.isEmpty() ? null : request.json();
  }
}
