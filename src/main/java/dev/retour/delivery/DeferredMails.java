package dev.retour.delivery;

import java.time.Duration;
import java.time.InstantSource;
import org.jdbi.v3.core.Jdbi;

/** Table {@code work_package}: the mails that wait because sending to their domain pauses. */
public final class DeferredMails {
  private static final String WAITING =
      """
      SELECT count(*) FROM work_package
       WHERE domain = :domain AND state = 'waiting' AND failure_rule = :rule""";

  /** One after the other, so that they do not all come back only to be put off again. */
  private static final String COME_BACK =
      """
      UPDATE work_package p
         SET due_at = least(p.due_at, CAST(:now AS timestamptz) + w.place * CAST(:gap AS interval)), changed_at = :now
        FROM (SELECT id, row_number() OVER (ORDER BY priority, due_at) - 1 AS place
                FROM work_package
               WHERE domain = :domain AND state = 'waiting' AND failure_rule = :rule) w
       WHERE p.id = w.id AND p.state = 'waiting'""";

  private final Jdbi jdbi;
  private final InstantSource clock;

  public DeferredMails(Jdbi jdbi, InstantSource clock) {
    this.jdbi = jdbi;
    this.clock = clock;
  }

  public int waitingFor(String domain) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(WAITING)
                .bind("domain", domain)
                .bind("rule", NotNowException.DOMAIN_SUSPENDED)
                .mapTo(Integer.class)
                .one());
  }

  /**
   * Makes them due from now on.
   *
   * @param gap the distance of one from the next
   * @return how many
   */
  public int comeBack(String domain, Duration gap) {
    return jdbi.inTransaction(
        handle ->
            handle
                .createUpdate(COME_BACK)
                .bind("domain", domain)
                .bind("rule", NotNowException.DOMAIN_SUSPENDED)
                .bind("gap", gap.toMillis() + " milliseconds")
                .bind("now", clock.instant())
                .execute());
  }
}
