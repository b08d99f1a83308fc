package dev.retour.console;

import dev.retour.console.Snapshot.AddressRow;
import dev.retour.console.Snapshot.Count;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Reads the table {@code address} for the console; owned by the room quarantine. */
final class ConsoleAddressStore {
  private ConsoleAddressStore() {}

  static List<Count> addressCounts(Handle handle, String state, int countMax) {
    return handle
        .createQuery(
            """
            SELECT :state AS word, count(*) AS number, count(*) > :max AS more
              FROM (SELECT 1 FROM address WHERE state = :state LIMIT :max + 1) found
            HAVING count(*) > 0""")
        .bind("state", state)
        .bind("max", countMax)
        .map((row, context) -> Rows.count(row, countMax))
        .list();
  }

  /** The newest addresses in trouble, whatever kind of it. */
  static List<AddressRow> newestAddresses(Handle handle, int rows) {
    return handle
        .createQuery(
            """
            SELECT left(a.address, :text) AS address, a.state, a.errors, a.reason,
                   left(a.failure_text, :text) AS words, a.changed_at
              FROM unnest(ARRAY['with_errors', 'quarantined', 'denylisted']) AS wanted (state),
                   LATERAL (SELECT * FROM address WHERE address.state = wanted.state
                             ORDER BY changed_at DESC LIMIT :rows) a
             ORDER BY a.changed_at DESC LIMIT :rows""")
        .bind("text", Rows.TEXT_MAX)
        .bind("rows", rows)
        .map(
            (row, context) ->
                new AddressRow(
                    row.getString("address"),
                    row.getString("state"),
                    row.getInt("errors"),
                    Rows.number(row, "reason"),
                    row.getString("words"),
                    Rows.instant(row, "changed_at")))
        .list();
  }
}
