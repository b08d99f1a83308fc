package dev.retour.events;

import dev.retour.messages.Attachment;
import dev.retour.messages.Document;
import dev.retour.store.Columns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

/**
 * Tables {@code attachment} and {@code event_attachment}: the bytes of files, once, and the events
 * that need them.
 *
 * <p>Who names bytes holds their row by a shared lock until it has committed; who removes them
 * takes an exclusive one, and leaves those alone that somebody holds. So bytes that are being named
 * are never removed. Two that name last at the same moment both leave them: the clean-up finds
 * them.
 */
final class AttachmentStore {
  /** Beyond this somebody removes the same bytes again and again while we bring them. */
  private static final int TRIES_MAX = 10;

  private static final String HOLD =
      "SELECT sha256 FROM attachment WHERE sha256 = ANY(:hashes) ORDER BY sha256 FOR KEY SHARE";

  private static final String ADD =
      "INSERT INTO attachment (sha256, bytes) VALUES (:sha256, :bytes) ON CONFLICT DO NOTHING";

  private static final String NAME =
      """
      INSERT INTO event_attachment (event_id, position, sha256)
      SELECT event_id, position, sha256
        FROM unnest(:events, :positions, :hashes) AS n (event_id, position, sha256)""";

  /** The last part finds what was taken in before there was a table of bytes. */
  private static final String FILES =
      """
      SELECT n.position, a.bytes
        FROM event_attachment n JOIN attachment a ON a.sha256 = n.sha256
       WHERE n.event_id = :id
      UNION ALL
      SELECT 0, attachment FROM event WHERE id = :id AND attachment IS NOT NULL""";

  private static final String FORGET =
      """
      WITH gone AS (DELETE FROM event_attachment WHERE event_id = ANY(:ids) RETURNING sha256)
      SELECT DISTINCT sha256 FROM gone""";

  private static final String UNNAMED =
      """
      SELECT a.sha256 FROM attachment a
       WHERE a.sha256 = ANY(:hashes)
         AND NOT EXISTS (SELECT FROM event_attachment n WHERE n.sha256 = a.sha256)
       ORDER BY a.sha256 FOR UPDATE SKIP LOCKED""";

  private static final String ALL_UNNAMED =
      """
      SELECT a.sha256 FROM attachment a
       WHERE NOT EXISTS (SELECT FROM event_attachment n WHERE n.sha256 = a.sha256)
       ORDER BY a.sha256 LIMIT :max FOR UPDATE SKIP LOCKED""";

  /** Looks once more, now that nobody can name them: the look before may be older than the lock. */
  private static final String REMOVE =
      """
      DELETE FROM attachment a
       WHERE a.sha256 = ANY(:hashes)
         AND NOT EXISTS (SELECT FROM event_attachment n WHERE n.sha256 = a.sha256)""";

  /** A file of an event. */
  private record Named(UUID event, int position, Attachment file) {
    byte[] sha256() {
      return file.sha256();
    }
  }

  /** Keeps the files of events that were stored in this transaction. */
  void keep(Handle handle, List<NewEvent> events) {
    List<Named> named = new ArrayList<>();
    for (NewEvent event : events) {
      Document document = event.payload().document();
      if (document != null && document.attachment() != null) {
        named.add(new Named(event.id(), 0, document.attachment()));
      }
      int position = 1;
      for (Attachment file : event.payload().attachments()) {
        named.add(new Named(event.id(), position++, file));
      }
    }
    if (named.isEmpty()) {
      return;
    }
    hold(handle, named);
    handle
        .createUpdate(NAME)
        .bind("events", Columns.of("uuid", named, Named::event))
        .bind("positions", Columns.of("int2", named, Named::position))
        .bind("hashes", Columns.bytes(named, Named::sha256))
        .execute();
  }

  /** All in one order, so that two transactions with the same files wait for, not on each other. */
  private static void hold(Handle handle, List<Named> named) {
    Map<byte[], Named> missing = new TreeMap<>(Arrays::compareUnsigned);
    named.forEach(each -> missing.putIfAbsent(each.sha256(), each));
    for (int i = 0; i < TRIES_MAX; i++) {
      List<Named> asked = List.copyOf(missing.values());
      hashes(handle.createQuery(HOLD).bind("hashes", Columns.bytes(asked, Named::sha256)))
          .forEach(missing::remove);
      if (!missing.isEmpty()) {
        add(handle, missing);
      }
      if (missing.isEmpty()) {
        return;
      }
    }
    throw new IllegalStateException("The bytes of an attachment vanished while they were stored.");
  }

  /** Leaves those that somebody else added meanwhile: they are still to be held. */
  private static void add(Handle handle, Map<byte[], Named> missing) {
    PreparedBatch batch = handle.prepareBatch(ADD);
    List<Named> added = List.copyOf(missing.values());
    for (Named each : added) {
      batch.bind("sha256", each.sha256()).bind("bytes", each.file().bytes()).add();
    }
    int[] rows = batch.execute();
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] == 1) {
        missing.remove(added.get(i).sha256());
      }
    }
  }

  /** The bytes of an event's files, by position. */
  Map<Integer, byte[]> files(Handle handle, UUID event) {
    return handle
        .createQuery(FILES)
        .bind("id", event)
        .reduceRows(
            new HashMap<>(),
            (files, row) -> {
              files.put(row.getColumn(1, Integer.class), row.getColumn(2, byte[].class));
              return files;
            });
  }

  /** These events need their files no more; what no other one needs is removed. */
  void release(Handle handle, Collection<UUID> events) {
    if (events.isEmpty()) {
      return;
    }
    List<byte[]> forgotten =
        hashes(handle.createQuery(FORGET).bindArray("ids", UUID.class, events));
    if (forgotten.isEmpty()) {
      return;
    }
    remove(
        handle,
        hashes(handle.createQuery(UNNAMED).bind("hashes", Columns.bytes(forgotten, each -> each))));
  }

  /** Removes bytes that no event names. */
  int removeUnnamed(Handle handle, int max) {
    return remove(handle, hashes(handle.createQuery(ALL_UNNAMED).bind("max", max)));
  }

  private static int remove(Handle handle, List<byte[]> locked) {
    return locked.isEmpty()
        ? 0
        : handle.createUpdate(REMOVE).bind("hashes", Columns.bytes(locked, each -> each)).execute();
  }

  private static List<byte[]> hashes(Query query) {
    return query.mapTo(byte[].class).list();
  }
}
