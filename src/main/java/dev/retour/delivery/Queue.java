package dev.retour.delivery;

import dev.retour.mail.EmailAddress;
import dev.retour.store.StoreFault;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The durable queue of work packages: enqueue, claim, keep the lease, give back what the dead held.
 *
 * <p>Claim and attempt row are committed before a socket opens. Settling is {@link Settlement}'s.
 */
public final class Queue {
  private static final Logger log = LoggerFactory.getLogger(Queue.class);
  private static final int SWEEP_MAX = 500;
  private static final Duration FORGOTTEN_AFTER = Duration.ofDays(7);

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final DeliveryConfig config;
  private final WorkPackageStore packages = new WorkPackageStore();
  private final EnqueueStore entries = new EnqueueStore();
  private final WaitingStore waiting = new WaitingStore();
  private final SidecarStore sidecars = new SidecarStore();
  private final DeadLeases deadLeases = new DeadLeases();
  private final LeaseStore leases = new LeaseStore();
  private final ConfirmationStore confirmations = new ConfirmationStore();
  private final MailContentStore contents = new MailContentStore();
  private final Map<Long, String> inHand = new ConcurrentHashMap<>();
  private final Set<Long> callbacks = ConcurrentHashMap.newKeySet();
  private final QueueTerms terms;
  private final StoreContact contact;
  private final Claims claims;
  private final Pace pace;

  public Queue(Jdbi jdbi, InstantSource clock, DeliveryConfig config) {
    this(jdbi, clock, config, QueueTerms.plain(clock));
  }

  Queue(Jdbi jdbi, InstantSource clock, DeliveryConfig config, QueueTerms terms) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.config = config;
    this.terms = terms;
    this.contact = new StoreContact(terms.leaseClock());
    this.claims = new Claims(jdbi, clock, terms);
    this.pace = new Pace(config.batch(), System::nanoTime);
  }

  /**
   * Queues a mail inside the caller's transaction: it becomes visible with the caller's commit.
   *
   * @return the id of its first work package; each further recipient has one of its own
   */
  public long enqueue(Handle handle, NewPackage fresh) {
    return enqueue(handle, List.of(fresh)).get(0);
  }

  /**
   * The same for many at once, which costs far less than one by one.
   *
   * @return the id of the first work package of each, in their order
   */
  public List<Long> enqueue(Handle handle, List<NewPackage> fresh) {
    Instant now = clock.instant();
    return entries.insert(handle, fresh, (mail, to) -> firstAttempt(mail, to, now), now);
  }

  /** False when no preset of the redelivery rules has this name. */
  public boolean knowsPreset(String name) {
    return terms.redelivery() != null && terms.redelivery().rules().presets().containsKey(name);
  }

  /**
   * When a mail queued now can no longer be attempted, as its redelivery policy says.
   *
   * @param domain of the recipient
   */
  public Instant endOfValidity(String message, String domain, RedeliveryRequest request) {
    return terms.redelivery() == null
        ? Instant.MAX
        : terms.redelivery().schedule(message, domain, request).end(clock.instant());
  }

  /** Takes what can go, as much as this sidecar can hold; empty when its hands are full. */
  public List<ClaimedPackage> claim() {
    int room = config.batch() - inHand.size();
    if (room <= 0) {
      return List.of();
    }
    List<ClaimedPackage> claimed =
        contact.watched(() -> claims.claim(room, lease(), inHand.values()));
    claimed.forEach(each -> inHand.put(each.id(), each.domain()));
    return claimed;
  }

  /** What a turn of the clock takes; only for the one route that turns. */
  public List<ClaimedPackage> poll() {
    int room = config.batch() - inHand.size();
    if (!pace.isTurn(room)) {
      return List.of();
    }
    List<ClaimedPackage> claimed = claim();
    pace.took(claimed.size(), room);
    return claimed;
  }

  /** The heartbeat: keeps the lease of this sidecar, and so of everything in its hands. */
  public void renewLeases() {
    if (!inHand.isEmpty() || !callbacks.isEmpty()) {
      contact.watched(
          () -> {
            jdbi.useTransaction(handle -> sidecars.renew(handle, lease()));
            return true;
          });
    }
  }

  /**
   * Gives back what dead sidecars held: packages that had not reached the final dot return to the
   * queue; the others become uncertain and follow their message's policy.
   *
   * @return how many packages were given back
   */
  public int releaseDead() {
    // While the database was away nobody could renew a lease; all get the time to do so now.
    return contact.isBackFor(config.lease()) ? 0 : contact.watched(this::releaseAbandoned);
  }

  /** At start: our own former self is dead for certain, however long its leases still run. */
  public int releaseOwnFormerLeases() {
    int released = 0;
    int page;
    do {
      page =
          jdbi.inTransaction(
              handle -> release(handle, leases.former(handle, config.node(), SWEEP_MAX)));
      released += page;
    } while (page == SWEEP_MAX);
    return released;
  }

  /** What a returning mail was sent as, by the package its signed return path names. */
  public Optional<SentPackage> byPackage(long packageId) {
    return jdbi.withHandle(handle -> packages.byId(handle, packageId));
  }

  /** The same by Message-ID together with a recipient it was sent to. */
  public Optional<SentPackage> byMessageId(String messageId, String recipientKey) {
    return jdbi.withHandle(handle -> packages.byMessageId(handle, messageId, recipientKey));
  }

  /**
   * A bounce came back that is believed: what was sent (or uncertain, or waiting) has failed after
   * all. For the domain of what was sent that is a refusal.
   *
   * @return false when the package had already ended otherwise; nothing is counted twice
   */
  public boolean bounced(Handle handle, long packageId, Failure failure) {
    Instant now = clock.instant();
    Optional<WorkPackageStore.Bounced> failed = packages.bounced(handle, packageId, failure, now);
    if (failed.isEmpty()) {
      return false;
    }
    facts().bounced(handle, packageId, now);
    Instant acceptedAt = failed.get().acceptedAt();
    if (acceptedAt != null) {
      // What was counted as accepted; and only when the package has failed for certain.
      handle.afterCommit(() -> terms.traffic().bounced(failed.get().domain(), acceptedAt));
    }
    return true;
  }

  /**
   * The outside confirms that a mail arrived: an uncertain package is settled as sent. No other
   * state changes; the log of a sent one notes the confirmation.
   *
   * @param confirmation what was said, by what proof
   * @return true when it was uncertain and is settled now
   */
  public boolean confirmed(Handle handle, long packageId, String confirmation) {
    Instant now = clock.instant();
    boolean settled = confirmations.confirmed(handle, packageId, confirmation, now);
    if (settled) {
      facts().sent(handle, List.of(packageId), now);
    }
    return settled;
  }

  /** What the ERP is told. */
  public Facts facts() {
    return terms.facts();
  }

  /**
   * Stops keeping the lease of a package whose outcome could not be stored: when it runs out, the
   * package is taken for uncertain, by any sidecar.
   */
  public void letGo(ClaimedPackage claimed) {
    inHand.remove(claimed.id());
    log.atError()
        .addKeyValue("workPackage", claimed.id())
        .log("The outcome of an attempt could not be stored; it will count as unknown.");
  }

  /** True when a fault says that the database is away; routes ask it. */
  public boolean isStoreAway(Throwable fault) {
    return StoreFault.isAway(fault);
  }

  /** How many packages this sidecar holds at the moment. */
  public int inHand() {
    return inHand.size();
  }

  /** How many packages are due, paused or not; {@code max} when it is that many or more. */
  public int due(int max) {
    return jdbi.withHandle(handle -> waiting.due(handle, max, clock.instant()));
  }

  /** How many packages are held for a mailbox; {@code max} when it is that many or more. */
  public int waitingFor(RelayMonitor mailbox, int max) {
    return jdbi.withHandle(handle -> claims.waitingFor(handle, mailbox.mailbox(), max));
  }

  void settled(long packageId) {
    inHand.remove(packageId);
  }

  List<MailContentStore.Content> contents(List<Long> contentIds) {
    return jdbi.withHandle(handle -> contents.contents(handle, contentIds));
  }

  /** By their ids, without those that have more octets. */
  Map<Long, MailContentStore.Content> contents(List<Long> contentIds, int octetsMax) {
    return jdbi.withHandle(handle -> contents.contents(handle, contentIds, octetsMax));
  }

  private Instant firstAttempt(NewPackage mail, EmailAddress to, Instant now) {
    if (terms.redelivery() == null) {
      return now;
    }
    Instant first =
        terms
            .redelivery()
            .schedule(mail.message(), to.domain(), mail.terms().redelivery())
            .first(now)
            .dueAt();
    return first.isAfter(now) ? first : now;
  }

  /** What this sidecar holds beside its mails; its lease keeps these, too. */
  Set<Long> callbacks() {
    return callbacks;
  }

  private List<Long> held() {
    return Stream.concat(inHand.keySet().stream(), callbacks.stream()).toList();
  }

  Lease lease() {
    return new Lease(config.node(), terms.leaseClock().instant().plus(config.lease()));
  }

  private int releaseAbandoned() {
    Instant now = terms.leaseClock().instant();
    return jdbi.inTransaction(
        handle -> {
          sidecars.forget(handle, now.minus(FORGOTTEN_AFTER));
          return release(handle, leases.dead(handle, config.node(), held(), SWEEP_MAX, now));
        });
  }

  private int release(Handle handle, List<DeadLease> dead) {
    Instant now = clock.instant();
    for (DeadLease lease : dead) {
      Release release = deadLeases.after(handle, lease, now);
      leases.release(handle, lease.packageId(), release, now);
      facts().ended(handle, lease.packageId(), release.state(), now);
    }
    if (!dead.isEmpty()) {
      log.warn("Took back {} work packages of a sidecar that is gone.", dead.size());
    }
    return dead.size();
  }
}
