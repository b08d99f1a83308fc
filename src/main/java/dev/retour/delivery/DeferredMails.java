package dev.retour.delivery;

import org.jdbi.v3.core.Jdbi;

/** Table {@code work_package}: the mails that wait because sending to their domain pauses. */
public final class DeferredMails {
  private static final String WAITING =
      """
      SELECT count(*) FROM work_package
       WHERE domain = :domain AND state = 'waiting' AND failure_rule = :rule""";

  private final Jdbi jdbi;

  public DeferredMails(Jdbi jdbi) {
    this.jdbi = jdbi;
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
}
