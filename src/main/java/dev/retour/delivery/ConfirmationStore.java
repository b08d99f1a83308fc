package dev.retour.delivery;

import java.time.Instant;
import org.jdbi.v3.core.Handle;

/** Table {@code work_package}, settled by what the outside confirms, with its log. */
final class ConfirmationStore {
  private static final String CONFIRMED =
      """
      WITH settled AS (
        UPDATE work_package
           SET state = 'sent', failure_type = NULL, failure_reason = NULL, failure_text = NULL,
               failure_rule = NULL, changed_at = :now
         WHERE id = :id AND state = 'uncertain'
        RETURNING id),
      noted AS (
        INSERT INTO work_package_log (package_id, at, who, what, text)
        SELECT id, :now, 'bounces', 'confirmed',
               left(CASE state WHEN 'uncertain' THEN 'Settled as sent. ' ELSE '' END || :text, 1000)
          FROM work_package WHERE id = :id AND state IN ('uncertain', 'sent'))
      SELECT count(*) FROM settled""";

  /**
   * An uncertain package becomes sent, and its log says why; that of a sent one notes it.
   *
   * @return true when it was uncertain
   */
  boolean confirmed(Handle handle, long id, String text, Instant now) {
    return handle
            .createQuery(CONFIRMED)
            .bind("id", id)
            .bind("text", text)
            .bind("now", now)
            .mapTo(Integer.class)
            .one()
        == 1;
  }
}
