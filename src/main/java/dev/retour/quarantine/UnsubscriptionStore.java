package dev.retour.quarantine;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** Table {@code unsubscription}: the denylist of each category. */
final class UnsubscriptionStore {
  private static final String AMONG =
      """
      SELECT u.address, u.category
        FROM unnest(:addresses, :categories) AS k (address, category)
        JOIN unsubscription u ON u.address = k.address AND u.category = k.category""";

  private static final String INSERT =
      """
      INSERT INTO unsubscription (address, category, at, how, event_id)
      VALUES (:address, :category, :at, :how, CAST(:event AS uuid))
      ON CONFLICT (address, category) DO NOTHING""";

  private static final String LIST =
      """
      SELECT address, category, at, how, event_id FROM unsubscription
       WHERE (CAST(:category AS text) IS NULL OR category = :category)
         AND (CAST(:address AS text) IS NULL OR address = :address)
       ORDER BY at DESC, address LIMIT :max""";

  /** Who can be on a list. */
  record Key(String address, String category) {
    /** Nothing for a mail that has no category. */
    static Optional<Key> of(GateRequest mail) {
      return Optional.ofNullable(mail.category()).map(each -> new Key(mail.addressKey(), each));
    }
  }

  /** Which of these unsubscribed; no statement when there are none. */
  Set<Key> among(Handle handle, Set<Key> keys) {
    if (keys.isEmpty()) {
      return Set.of();
    }
    List<Key> asked = List.copyOf(keys);
    return handle
        .createQuery(AMONG)
        .bindArray("addresses", String.class, asked.stream().map(Key::address).toList())
        .bindArray("categories", String.class, asked.stream().map(Key::category).toList())
        .map((row, context) -> new Key(row.getString("address"), row.getString("category")))
        .set();
  }

  /** False when it stands there already. */
  boolean insert(Handle handle, Unsubscription fresh) {
    return handle
            .createUpdate(INSERT)
            .bind("address", fresh.address())
            .bind("category", fresh.category())
            .bind("at", fresh.at())
            .bind("how", fresh.how().label())
            .bind("event", fresh.eventId())
            .execute()
        == 1;
  }

  boolean delete(Handle handle, Key key) {
    return handle
            .createUpdate(
                "DELETE FROM unsubscription WHERE address = :address AND category = :category")
            .bind("address", key.address())
            .bind("category", key.category())
            .execute()
        == 1;
  }

  /** The newest first. */
  List<Unsubscription> list(
      Handle handle, @Nullable String category, @Nullable String address, int max) {
    return handle
        .createQuery(LIST)
        .bind("category", category)
        .bind("address", address)
        .bind("max", max)
        .map(UnsubscriptionStore::map)
        .list();
  }

  private static Unsubscription map(ResultSet row, StatementContext context) throws SQLException {
    return new Unsubscription(
        row.getString("address"),
        row.getString("category"),
        row.getTimestamp("at").toInstant(),
        Unsubscription.How.ofLabel(row.getString("how")),
        row.getObject("event_id", UUID.class));
  }
}
