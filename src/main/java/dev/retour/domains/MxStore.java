package dev.retour.domains;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Tables {@code mx_share} and {@code mx_slot}: what all sidecars take of the limits. */
final class MxStore {
  /**
   * Sidecars that want a share of the same thing go one after the other; others are not held up.
   */
  private static final String LOCK =
      "SELECT 1 FROM (SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))) AS locked";

  private static final String HELD_BY_OTHERS =
      """
      SELECT coalesce(sum(connections), 0) FROM mx_share
       WHERE counted_as = :key AND owner <> :owner AND until > :now""";

  private static final String HOLD =
      """
      INSERT INTO mx_share (counted_as, owner, connections, until)
      VALUES (:key, :owner, :connections, :until)
      ON CONFLICT (counted_as, owner) DO UPDATE
         SET connections = excluded.connections, until = excluded.until""";

  private static final String LET_GO =
      "DELETE FROM mx_share WHERE counted_as = :key AND owner = :owner";

  private static final String DEAD = "DELETE FROM mx_share WHERE until < :before";

  private static final String BEGIN_SLOT =
      """
      INSERT INTO mx_slot (counted_as, slot, taken) VALUES (:key, :slot, 0)
      ON CONFLICT (counted_as, slot) DO NOTHING""";

  private static final String TAKEN =
      "SELECT taken FROM mx_slot WHERE counted_as = :key AND slot = :slot FOR UPDATE";

  private static final String TAKE =
      "UPDATE mx_slot SET taken = taken + :portion WHERE counted_as = :key AND slot = :slot";

  private static final String CLEAN_SLOTS = "DELETE FROM mx_slot WHERE slot < :before";

  /**
   * Holds {@code connections} in all, if that with those of the others is not more than {@code
   * max}.
   */
  boolean hold(Handle handle, Share share, int max, Instant now) {
    handle.createQuery(LOCK).bind("key", share.countedAs()).mapTo(Integer.class).one();
    int others =
        handle
            .createQuery(HELD_BY_OTHERS)
            .bind("key", share.countedAs())
            .bind("owner", share.owner())
            .bind("now", now)
            .mapTo(Integer.class)
            .one();
    if (others + share.connections() > max) {
      return false;
    }
    renew(handle, share);
    return true;
  }

  /** What a sidecar holds. */
  record Share(String countedAs, String owner, int connections, Instant until) {}

  void renew(Handle handle, Share share) {
    if (share.connections() == 0) {
      handle
          .createUpdate(LET_GO)
          .bind("key", share.countedAs())
          .bind("owner", share.owner())
          .execute();
      return;
    }
    int rows =
        handle
            .createUpdate(HOLD)
            .bind("key", share.countedAs())
            .bind("owner", share.owner())
            .bind("connections", share.connections())
            .bind("until", share.until())
            .execute();
    if (rows != 1) {
      throw new IllegalStateException("The connections to " + share.countedAs() + " are not held.");
    }
  }

  /** Takes up to {@code portion} of the {@code max} messages of a slot; 0 when none is left. */
  int take(Handle handle, String key, Instant slot, int portion, int max) {
    handle.createUpdate(BEGIN_SLOT).bind("key", key).bind("slot", slot).execute();
    int taken =
        handle.createQuery(TAKEN).bind("key", key).bind("slot", slot).mapTo(Integer.class).one();
    int got = Math.max(0, Math.min(portion, max - taken));
    if (got > 0) {
      handle.createUpdate(TAKE).bind("key", key).bind("slot", slot).bind("portion", got).execute();
    }
    return got;
  }

  int clean(Handle handle, Instant before) {
    return List.of(DEAD, CLEAN_SLOTS).stream()
        .mapToInt(sql -> handle.createUpdate(sql).bind("before", before).execute())
        .sum();
  }
}
