package dev.retour.quarantine;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** Table {@code address}. A missing row means valid. */
final class AddressStore {
  private static final int FETCH_SIZE = 1_000;
  private static final String COLUMNS =
      "address, domain, state, errors, reason, failure_text, rule_id, last_error_at,"
          + " last_significant_at, changed_at";

  /** The states of those that have a row. */
  Map<String, AddressState> states(Handle handle, Collection<String> keys) {
    Map<String, AddressState> states = new HashMap<>();
    handle
        .createQuery("SELECT address, state FROM address WHERE address = ANY(:keys)")
        .bindArray("keys", String.class, keys)
        .map((row, context) -> Map.entry(row.getString(1), AddressState.ofLabel(row.getString(2))))
        .forEach(each -> states.put(each.getKey(), each.getValue()));
    return states;
  }

  Optional<AddressState> state(Handle handle, String address) {
    return handle
        .createQuery("SELECT state FROM address WHERE address = :address")
        .bind("address", address)
        .mapTo(String.class)
        .findOne()
        .map(AddressState::ofLabel);
  }

  /** Reads a row and holds it until the transaction ends. */
  Optional<AddressEntry> lock(Handle handle, String address) {
    return handle
        .createQuery("SELECT " + COLUMNS + " FROM address WHERE address = :address FOR UPDATE")
        .bind("address", address)
        .map(AddressStore::map)
        .findOne();
  }

  /**
   * Makes sure there is a row to hold, so that two first failures cannot both be the first.
   *
   * @return the new row, held; empty when there is one already
   */
  Optional<AddressEntry> insertValid(Handle handle, String address, String domain, Instant now) {
    return handle
        .createQuery(
            """
            INSERT INTO address (address, domain, state, changed_at)
            VALUES (:address, :domain, 'valid', :now)
            ON CONFLICT (address) DO NOTHING
            RETURNING
            """
                + COLUMNS)
        .bind("address", address)
        .bind("domain", domain)
        .bind("now", now)
        .map(AddressStore::map)
        .findOne();
  }

  void update(Handle handle, AddressEntry row) {
    int rows =
        handle
            .createUpdate(
                """
                UPDATE address
                   SET state = :state, errors = :errors, reason = :reason,
                       failure_text = :failureText, rule_id = :ruleId,
                       last_error_at = :lastErrorAt, last_significant_at = :lastSignificantAt,
                       changed_at = :changedAt
                 WHERE address = :address""")
            .bind("address", row.address())
            .bind("state", row.state().label())
            .bind("errors", row.errors())
            .bind("reason", row.reason())
            .bind("failureText", row.failureText())
            .bind("ruleId", row.ruleId())
            .bind("lastErrorAt", row.lastErrorAt())
            .bind("lastSignificantAt", row.lastSignificantAt())
            .bind("changedAt", row.changedAt())
            .execute();
    if (rows != 1) {
      throw new IllegalStateException(
          "The address row vanished while it was held; the change is rolled back.");
    }
  }

  /** Addresses with errors whose last one is before {@code errorBefore}; held. */
  List<AddressEntry> lockForgiven(Handle handle, Instant errorBefore, int max) {
    return handle
        .createQuery(
            "SELECT "
                + COLUMNS
                + """
                 FROM address
                WHERE state = 'with_errors' AND last_error_at < :before
                LIMIT :max FOR UPDATE SKIP LOCKED""")
        .bind("before", errorBefore)
        .bind("max", max)
        .map(AddressStore::map)
        .list();
  }

  /** Addresses held against for a full mailbox whose last error is before the time given; held. */
  List<AddressEntry> lockFull(Handle handle, int reason, Instant errorBefore, int max) {
    return handle
        .createQuery(
            "SELECT "
                + COLUMNS
                + """
                 FROM address
                WHERE state IN ('quarantined', 'with_errors')
                  AND reason = :reason AND last_error_at < :before
                LIMIT :max FOR UPDATE SKIP LOCKED""")
        .bind("reason", reason)
        .bind("before", errorBefore)
        .bind("max", max)
        .map(AddressStore::map)
        .list();
  }

  int deleteValid(Handle handle) {
    return handle.createUpdate("DELETE FROM address WHERE state = 'valid'").execute();
  }

  Map<AddressState, Long> counts(Handle handle) {
    Map<AddressState, Long> counts = new EnumMap<>(AddressState.class);
    for (AddressState state : AddressState.values()) {
      counts.put(state, 0L);
    }
    handle
        .createQuery("SELECT state, count(*) AS rows FROM address GROUP BY state")
        .map(
            (row, context) ->
                Map.entry(AddressState.ofLabel(row.getString("state")), row.getLong("rows")))
        .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
    return counts;
  }

  List<AddressEntry> list(Handle handle, AddressState state, int max) {
    return handle
        .createQuery(
            "SELECT "
                + COLUMNS
                + """
                 FROM address
                WHERE state = :state
                ORDER BY changed_at DESC, address
                LIMIT :max""")
        .bind("state", state.label())
        .bind("max", max)
        .map(AddressStore::map)
        .list();
  }

  /** Hands over every address of some states, sorted, without holding them all in memory. */
  void each(Handle handle, Collection<AddressState> states, Consumer<AddressEntry> consumer) {
    handle
        .createQuery(
            "SELECT "
                + COLUMNS
                + " FROM address WHERE state = ANY (:states) ORDER BY state, address")
        .bindArray("states", String.class, states.stream().map(AddressState::label).toList())
        .setFetchSize(FETCH_SIZE)
        .map(AddressStore::map)
        .forEach(consumer);
  }

  private static AddressEntry map(ResultSet row, StatementContext context) throws SQLException {
    int reason = row.getInt("reason");
    boolean noReason = row.wasNull();
    return new AddressEntry(
        row.getString("address"),
        row.getString("domain"),
        AddressState.ofLabel(row.getString("state")),
        row.getInt("errors"),
        noReason ? null : reason,
        row.getString("failure_text"),
        row.getString("rule_id"),
        instant(row, "last_error_at"),
        instant(row, "last_significant_at"),
        row.getObject("changed_at", OffsetDateTime.class).toInstant());
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
