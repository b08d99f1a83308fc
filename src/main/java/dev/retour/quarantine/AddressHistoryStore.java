package dev.retour.quarantine;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Table {@code address_history}. Rows are only ever added. */
final class AddressHistoryStore {

  void insert(Handle handle, AddressHistoryEntry entry) {
    AddressState before = entry.before();
    int rows =
        handle
            .createUpdate(
                """
                INSERT INTO address_history (address, at, state_before, state_after,
                    errors_before, errors_after, reason, failure_text, rule_id, cause, reference)
                VALUES (:address, :at, :before, :after,
                    :errorsBefore, :errorsAfter, :reason, :failureText, :ruleId, :cause,
                    :reference)""")
            .bind("address", entry.address())
            .bind("at", entry.at())
            .bind("before", before == null ? null : before.label())
            .bind("after", entry.after().label())
            .bind("errorsBefore", entry.errorsBefore())
            .bind("errorsAfter", entry.errorsAfter())
            .bind("reason", entry.reason())
            .bind("failureText", entry.failureText())
            .bind("ruleId", entry.ruleId())
            .bind("cause", entry.cause())
            .bind("reference", entry.reference())
            .execute();
    if (rows != 1) {
      throw new IllegalStateException("The history row was not written; the change is undone.");
    }
  }

  /** Whether a failure of this reason was logged since the address was last valid again. */
  boolean hasFailedWith(Handle handle, String address, int reason, Instant since) {
    return handle
        .createQuery(
            """
            SELECT EXISTS (
              SELECT 1 FROM address_history
               WHERE address = :address AND reason = :reason AND at >= :since
                 AND id > coalesce((SELECT max(id) FROM address_history
                                     WHERE address = :address AND state_after = 'valid'), 0))""")
        .bind("address", address)
        .bind("reason", reason)
        .bind("since", since)
        .mapTo(Boolean.class)
        .one();
  }

  List<AddressHistoryEntry> newest(Handle handle, String address, int max) {
    return handle
        .createQuery(
            """
            SELECT address, at, state_before, state_after, errors_before, errors_after,
                   reason, failure_text, rule_id, cause, reference
              FROM address_history
             WHERE address = :address
             ORDER BY id DESC
             LIMIT :max""")
        .bind("address", address)
        .bind("max", max)
        .map(
            (row, context) ->
                new AddressHistoryEntry(
                    row.getString("address"),
                    row.getObject("at", OffsetDateTime.class).toInstant(),
                    state(row.getString("state_before")),
                    AddressState.ofLabel(row.getString("state_after")),
                    row.getInt("errors_before"),
                    row.getInt("errors_after"),
                    row.getObject("reason", Integer.class),
                    row.getString("failure_text"),
                    row.getString("rule_id"),
                    row.getString("cause"),
                    row.getString("reference")))
        .list();
  }

  private static @Nullable AddressState state(@Nullable String label) {
    return label == null ? null : AddressState.ofLabel(label);
  }
}
