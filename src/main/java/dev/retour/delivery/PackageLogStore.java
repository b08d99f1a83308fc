package dev.retour.delivery;

import java.util.List;
import org.jdbi.v3.core.Handle;

/** Table {@code work_package_log}: what people and parts did with a package. */
final class PackageLogStore {
  private static final int WHO_CHARS_MAX = 200;
  private static final int TEXT_CHARS_MAX = 1_000;

  void insert(Handle handle, long packageId, QueueDetail.Note note) {
    handle
        .createUpdate(
            """
            INSERT INTO work_package_log (package_id, at, who, what, text)
            VALUES (:package, :at, left(:who, :whoMax), :what, left(:text, :textMax))""")
        .bind("package", packageId)
        .bind("at", note.at())
        .bind("who", note.who())
        .bind("whoMax", WHO_CHARS_MAX)
        .bind("what", note.what())
        .bind("text", note.text())
        .bind("textMax", TEXT_CHARS_MAX)
        .execute();
  }

  /** The newest of them, oldest first. */
  List<QueueDetail.Note> of(Handle handle, long packageId, int max) {
    return handle
        .createQuery(
            """
            SELECT * FROM (SELECT * FROM work_package_log WHERE package_id = :package
                            ORDER BY id DESC LIMIT :max) newest ORDER BY id""")
        .bind("package", packageId)
        .bind("max", max)
        .map(
            (row, context) ->
                new QueueDetail.Note(
                    row.getTimestamp("at").toInstant(),
                    row.getString("who"),
                    row.getString("what"),
                    row.getString("text")))
        .list();
  }
}
