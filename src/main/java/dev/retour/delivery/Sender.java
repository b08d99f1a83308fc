package dev.retour.delivery;

import dev.retour.domains.Route;
import dev.retour.mail.ReturnPath;
import dev.retour.quarantine.AddressBook;
import dev.retour.quarantine.GateAnswer;
import dev.retour.store.GroupCommit;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/** Makes the mail of an attempt: the last look at the gate, then the bytes and their envelope. */
public final class Sender {
  private static final int GROUP_MAX = 200;

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final ReturnPath returnPath;
  private final MailRouter router;
  private final DeliveryConfig config;
  private final AttemptStore attempts = new AttemptStore();

  // What every mail asks the database, asked once for all that are asked at the same moment.
  private final GroupCommit<ClaimedPackage, Opening> openings;
  private final GroupCommit<Long, Boolean> bodiesSent;

  /** What is known of a package directly before it is sent. */
  private record Opening(GateAnswer gate, MailContentStore.Content content) {}

  Sender(
      Jdbi jdbi,
      InstantSource clock,
      Queue queue,
      AddressBook addresses,
      ReturnPath returnPath,
      MailRouter router,
      DeliveryConfig config) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.returnPath = returnPath;
    this.router = router;
    this.config = config;
    this.openings = new GroupCommit<>(GROUP_MAX, group -> openings(group, addresses, queue));
    this.bodiesSent = new GroupCommit<>(GROUP_MAX, this::bodiesSent);
  }

  /**
   * Asks the gate once more, directly before SMTP: this answer is the one that counts (spec E1.15).
   *
   * @throws MessagingException when the recipient cannot be an envelope address after all, its
   *     mailbox is paused, or sending to its domain is
   */
  public Prepared prepare(ClaimedPackage claimed) throws MessagingException {
    Opening opening = openings.commit(claimed);
    if (opening.gate() instanceof GateAnswer.Closed closed) {
      return Prepared.refusedBy(closed);
    }
    Optional<TestRedirect> redirect = router.redirect(claimed.domain());
    // A redirected mail goes the way of the address it goes to, also when that way is direct.
    String domain = redirect.isEmpty() ? claimed.domain() : redirect.get().domain();
    Route route = router.route(domain);
    List<Relay> relays = router.relays(route);
    MailContentStore.Content content = opening.content();
    PackageMessage message =
        new PackageMessage(
            redirect.isEmpty() ? content : redirect.get().rewritten(content, claimed.recipient()),
            redirect.isEmpty()
                ? envelope(claimed, relays)
                : redirect.get().envelope(relays, config.returnPathDomain()),
            () -> commitBodySent(claimed));
    message.sendTo(domain, route);
    return Prepared.withMessage(message);
  }

  private static List<Opening> openings(
      List<ClaimedPackage> group, AddressBook addresses, Queue queue) {
    List<GateAnswer> gates =
        addresses.gates(group.stream().map(ClaimedPackage::recipientKey).toList());
    List<MailContentStore.Content> contents =
        queue.contents(group.stream().map(ClaimedPackage::contentId).toList());
    return IntStream.range(0, group.size())
        .mapToObj(i -> new Opening(gates.get(i), contents.get(i)))
        .toList();
  }

  private Envelope envelope(ClaimedPackage claimed, List<Relay> relays) {
    String from = returnPath.sign(claimed.id(), clock.instant());
    String token = from.substring(from.indexOf('+') + 1, from.lastIndexOf('@'));
    return new Envelope(
        from,
        claimed.recipient(),
        token,
        relays,
        config.smtpTest() ? Envelope.Purpose.SMTP_TEST : Envelope.Purpose.DELIVERY);
  }

  /** Keeps connections fresh: closes idle ones. */
  public void tend() {
    router.closeIdle();
  }

  /** Tries a relay that is paused or seems to be down; apart, as it may wait long for an answer. */
  public void probe() {
    router.probe();
  }

  private List<Boolean> bodiesSent(List<Long> attemptIds) {
    Set<Long> ours =
        jdbi.withHandle(handle -> attempts.bodySent(handle, attemptIds, clock.instant()));
    return attemptIds.stream().map(ours::contains).toList();
  }

  private void commitBodySent(ClaimedPackage claimed) throws IOException {
    boolean ours;
    try {
      ours = bodiesSent.commit(claimed.attemptId());
    } catch (JdbiException e) {
      throw new FenceException("The database cannot commit; the mail is not handed over.", e);
    }
    if (!ours) {
      throw new FenceException("Another sidecar took this work package over.");
    }
  }
}
