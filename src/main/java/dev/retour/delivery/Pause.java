package dev.retour.delivery;

import dev.retour.domains.Suspended;
import dev.retour.qualification.FailureType;
import dev.retour.qualification.Reason;

/**
 * What mails wait for without a fault of theirs.
 *
 * @param key stored at the packages that wait: {@code mailbox …} or {@code domain …}
 * @param why what their packages say
 * @param most how many may go in spite of it, to see whether it is over; 0: none
 * @param isRenewed what packages say is changed when {@code why} does: it names a time
 */
record Pause(String key, Failure why, int most, boolean isRenewed) {
  static String mailboxKey(String mailbox) {
    return "mailbox " + mailbox;
  }

  static String domainKey(String domain) {
    return "domain " + domain;
  }

  static Pause ofMailbox(String mailbox, String fault) {
    return new Pause(mailboxKey(mailbox), Deferral.paused(mailbox, fault), 0, false);
  }

  static Pause ofDomain(String domain, Suspended suspended) {
    return new Pause(
        domainKey(domain),
        new Failure(
            FailureType.IGNORED,
            Reason.NOT_DEFINED,
            suspended.why(),
            NotNowException.DOMAIN_SUSPENDED),
        suspended.most(),
        !suspended.begins());
  }
}
