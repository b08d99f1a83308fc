package dev.retour.quarantine;

import java.sql.ResultSet;
import java.sql.SQLException;
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

  /** Number of an address's newest row; 0 when there is none. */
  long newestId(Handle handle, String address) {
    return handle
        .createQuery("SELECT coalesce(max(id), 0) FROM address_history WHERE address = :address")
        .bind("address", address)
        .mapTo(Long.class)
        .one();
  }

  /** The addresses of the selected decisions, each with what it was before and is now. */
  List<DecisionUndo.Step> undoable(Handle handle, DecisionUndo.Selection selection) {
    return handle
        .createQuery(
            """
            WITH hit AS (
              SELECT address, min(id) AS first, max(id) AS last, count(*) AS hits
                FROM address_history
               WHERE at >= :from AND at < :until
                 AND cause IN ('smtp-reply', 'bounce', 'complaint', 'opt-out')
                 AND (CAST(:mask AS text) IS NULL OR address LIKE :mask)
                 AND (CAST(:text AS text) IS NULL
                      OR position(lower(:text) IN lower(coalesce(failure_text, ''))) > 0)
                 AND (CAST(:rule AS text) IS NULL OR rule_id = :rule)
               GROUP BY address)
            SELECT hit.address, before.state_before, before.errors_before, now.state,
                   (SELECT max(id) FROM address_history later
                     WHERE later.address = hit.address) AS newest,
                   hit.last,
                   (SELECT count(*) FROM address_history between_
                     WHERE between_.address = hit.address
                       AND between_.id BETWEEN hit.first AND hit.last) > hit.hits AS mixed
              FROM hit
              JOIN address_history before ON before.id = hit.first
              LEFT JOIN address now ON now.address = hit.address
             ORDER BY hit.address""")
        .bind("from", selection.from())
        .bind("until", selection.until())
        .bind("mask", DecisionUndo.like(selection.addresses()))
        .bind("text", selection.text())
        .bind("rule", selection.rule())
        .map((row, context) -> undoable(row))
        .list();
  }

  private static DecisionUndo.Step undoable(ResultSet row) throws SQLException {
    AddressState before = state(row.getString("state_before"));
    AddressState back = before == null ? AddressState.VALID : before;
    AddressState now = state(row.getString("state"));
    long newest = row.getLong("newest");
    String refusal = null;
    if (newest > row.getLong("last")) {
      refusal = "It has changed since.";
    } else if (row.getBoolean("mixed")) {
      refusal = "Other decisions lie between the selected ones.";
    } else if (now == back) {
      refusal = "Its state is what it was before.";
    }
    return new DecisionUndo.Step(
        row.getString("address"),
        now == null ? AddressState.VALID : now,
        back,
        row.getInt("errors_before"),
        newest,
        refusal);
  }

  private static @Nullable AddressState state(@Nullable String label) {
    return label == null ? null : AddressState.ofLabel(label);
  }
}
