package dev.retour.delivery;

import dev.retour.domains.Route;
import dev.retour.mail.ReturnPath;
import dev.retour.quarantine.AddressBook;
import dev.retour.quarantine.GateAnswer;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.time.InstantSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/** Makes the mail of an attempt: the last look at the gate, then the bytes and their envelope. */
public final class Sender {
  private final Jdbi jdbi;
  private final InstantSource clock;
  private final Queue queue;
  private final AddressBook addresses;
  private final ReturnPath returnPath;
  private final MailRouter router;
  private final AttemptStore attempts = new AttemptStore();

  Sender(
      Jdbi jdbi,
      InstantSource clock,
      Queue queue,
      AddressBook addresses,
      ReturnPath returnPath,
      MailRouter router) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.queue = queue;
    this.addresses = addresses;
    this.returnPath = returnPath;
    this.router = router;
  }

  /**
   * Asks the gate once more, directly before SMTP: this answer is the one that counts (spec E1.15).
   *
   * @throws MessagingException when the recipient cannot be an envelope address after all, its
   *     mailbox is paused, or sending to its domain is
   */
  public Prepared prepare(ClaimedPackage claimed) throws MessagingException {
    GateAnswer gate = addresses.gate(claimed.recipientKey());
    if (gate instanceof GateAnswer.Closed closed) {
      return Prepared.refusedBy(closed);
    }
    InternetAddress recipient = new InternetAddress(claimed.recipient(), true);
    Route route = router.route(claimed.domain(), recipient);
    PackageMessage message =
        new PackageMessage(
            router.session(),
            queue.content(claimed.contentId()),
            returnPath.sign(claimed.id(), clock.instant()),
            recipient,
            () -> commitBodySent(claimed));
    message.sendTo(claimed.domain(), route);
    return Prepared.withMessage(message);
  }

  /** Keeps connections fresh: closes idle ones. */
  public void tend() {
    router.closeIdle();
  }

  /** Tries a relay that is paused or seems to be down; apart, as it may wait long for an answer. */
  public void probe() {
    router.probe();
  }

  private void commitBodySent(ClaimedPackage claimed) throws IOException {
    boolean ours;
    try {
      ours =
          jdbi.inTransaction(
              handle -> attempts.bodySent(handle, claimed.attemptId(), clock.instant()));
    } catch (JdbiException e) {
      throw new FenceException("The database cannot commit; the mail is not handed over.", e);
    }
    if (!ours) {
      throw new FenceException("Another sidecar took this work package over.");
    }
  }
}
