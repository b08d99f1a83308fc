package dev.retour.delivery;

import dev.retour.domains.Route;
import dev.retour.mail.ReturnPath;
import dev.retour.quarantine.AddressBook;
import dev.retour.quarantine.Gate;
import dev.retour.quarantine.GateAnswer;
import dev.retour.store.GroupCommit;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the mail of an attempt: the last look at the gate, then the bytes and their envelope. */
public final class Sender {
  private static final Logger log = LoggerFactory.getLogger(Sender.class);

  /**
   * How many volleys are under way (consumers of delivery-send): one waits for the disk, one for
   * the relay, one works.
   */
  private static final int VOLLEYS = 3;

  private static final int GROUP_MAX = 200;
  private static final int DOUBLINGS_MAX = 10;
  private static final Duration WAIT_MAX = Duration.ofMinutes(5);

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final Queue queue;
  private final Gate gate;
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
    this.queue = queue;
    this.gate = addresses.gate();
    this.returnPath = returnPath;
    this.router = router;
    this.config = config;
    this.openings = new GroupCommit<>(GROUP_MAX, group -> openings(group, gate, queue));
    this.bodiesSent = new GroupCommit<>(GROUP_MAX, this::bodiesSent);
  }

  /**
   * Asks the gate once more, directly before SMTP: this answer is the one that counts (spec E1.15).
   *
   * @throws MessagingException when the recipient cannot be an envelope address after all, its
   *     mailbox is paused, sending to its domain is, or a rule of the gate cannot be asked
   */
  public Prepared prepare(ClaimedPackage claimed) throws MessagingException {
    return prepare(claimed, openings.commit(claimed));
  }

  /**
   * The same for one that a volley left; what the volley found out is not asked again.
   *
   * @throws MessagingException also what the volley met
   */
  public Prepared prepare(Outgoing left) throws MessagingException {
    Prepared outcome = left.outcome();
    return outcome == null ? prepare(left.workPackage()) : outcome;
  }

  /** Divides what was claimed among the threads that send. */
  public List<Volley> volleys(List<ClaimedPackage> claimed) {
    int most = Math.max(1, config.concurrency() / VOLLEYS);
    List<Volley> volleys = new ArrayList<>();
    for (int i = 0; i < claimed.size(); i += most) {
      volleys.add(new Volley(claimed.subList(i, Math.min(claimed.size(), i + most))));
    }
    return volleys;
  }

  /**
   * Prepares those that nobody has to wait for: small mails that go by a mailbox, with no rule of
   * the gate to be asked. What one of them meets is kept for who sends it alone.
   */
  public Volley prepare(Volley volley) {
    List<Outgoing> mails;
    List<GateAnswer> answers;
    Map<Long, MailContentStore.Content> contents;
    try {
      mails = quick(volley.rest());
      if (mails.isEmpty()) {
        return volley;
      }
      answers = gate.standing(mails.stream().map(each -> each.workPackage().gate()).toList());
      contents =
          queue.contents(
              mails.stream().map(each -> each.workPackage().contentId()).toList(),
              SmtpVolley.OCTETS_MAX);
    } catch (RuntimeException e) {
      log.warn("A volley could not be prepared together; each mail is alone: {}", e.toString());
      return volley;
    }
    for (int i = 0; i < mails.size(); i++) {
      MailContentStore.Content content = contents.get(mails.get(i).workPackage().contentId());
      if (content != null) {
        prepare(mails.get(i), new Opening(answers.get(i), content));
      }
    }
    return volley;
  }

  private List<Outgoing> quick(List<Outgoing> mails) {
    Predicate<String> smooth = router.smooth();
    return mails.stream()
        .filter(each -> smooth.test(each.workPackage().domain()))
        .filter(each -> !gate.names(each.workPackage().gate().message()))
        .toList();
  }

  private void prepare(Outgoing mail, Opening opening) {
    try {
      mail.prepared(prepare(mail.workPackage(), opening));
    } catch (MessagingException e) {
      mail.failed(e);
    } catch (RuntimeException e) {
      mail.failed(new MessagingException(String.valueOf(e.getMessage()), e));
    }
  }

  /** Hands over what goes smoothly; the others are left as they stand. */
  public Volley send(Volley volley) {
    Map<PackageMessage, Long> attemptIds = new HashMap<>();
    List<PackageMessage> mails = new ArrayList<>();
    for (Outgoing each : volley.rest()) {
      PackageMessage message = each.message();
      if (message != null) {
        mails.add(message);
        attemptIds.put(message, each.workPackage().attemptId());
      }
    }
    router.send(mails, group -> bodiesSent(group, attemptIds));
    volley.rest().forEach(Outgoing::forgetUnbegun);
    return volley;
  }

  private Set<PackageMessage> bodiesSent(
      List<PackageMessage> mails, Map<PackageMessage, Long> attemptIds) {
    List<Boolean> ours = bodiesSent(mails.stream().map(attemptIds::get).toList());
    Set<PackageMessage> sent = new HashSet<>();
    for (int i = 0; i < mails.size(); i++) {
      if (ours.get(i)) {
        sent.add(mails.get(i));
      }
    }
    return sent;
  }

  private Prepared prepare(ClaimedPackage claimed, Opening opening) throws MessagingException {
    GateAnswer answer = opening.gate();
    if (answer.isOpen()) {
      answer = gate.passes(claimed.gate(), answer);
    }
    if (answer instanceof GateAnswer.Closed closed) {
      return Prepared.refusedBy(closed);
    }
    if (answer instanceof GateAnswer.Wait wait) {
      throw new NotNowException(again(claimed, wait), wait);
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

  private static List<Opening> openings(List<ClaimedPackage> group, Gate gate, Queue queue) {
    List<GateAnswer> gates = gate.standing(group.stream().map(ClaimedPackage::gate).toList());
    List<MailContentStore.Content> contents =
        queue.contents(group.stream().map(ClaimedPackage::contentId).toList());
    return IntStream.range(0, group.size())
        .mapToObj(i -> new Opening(gates.get(i), contents.get(i)))
        .toList();
  }

  /** Later each time, as what a rule asks may be away for long. */
  private Instant again(ClaimedPackage claimed, GateAnswer.Wait wait) {
    Duration pause = wait.first().multipliedBy(1L << Math.min(claimed.unspent(), DOUBLINGS_MAX));
    return clock.instant().plus(pause.compareTo(WAIT_MAX) > 0 ? WAIT_MAX : pause);
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
      throw FenceException.takenOver();
    }
  }
}
