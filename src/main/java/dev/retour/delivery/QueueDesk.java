package dev.retour.delivery;

import dev.retour.mail.EmailAddress;
import dev.retour.mail.MailSigner;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * What people see of the queue and do with it (spec A1, A2, E1). Each change is one statement that
 * names the states it needs: neither two people nor a person and the sender can both win. Clearing
 * an error is the retry; nothing else is needed and nothing else repeats a mail.
 */
public final class QueueDesk {
  /** Packages changed in one transaction of a bulk change. */
  public static final int PAGE = 500;

  private static final int LIST_MAX = 1_000;
  private static final int REFUSALS_MAX = 100;

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final InstantSource leaseClock;
  private final QueueDeskStore store = new QueueDeskStore();
  private final QueueListStore lists = new QueueListStore();
  private final PackageLogStore logs = new PackageLogStore();
  private final DeadLeases deadLeases = new DeadLeases();
  private final LeaseStore leases = new LeaseStore();
  private final SendGuard guard = new SendGuard();
  private final Facts facts;
  private final SendAgain sendAgain;

  /**
   * What a bulk change did.
   *
   * @param matched how many packages the filter meant
   * @param refusals the first 100 of those left alone, each with its reason
   */
  public record Bulk(long matched, long changed, long refused, List<QueueOutcome> refusals) {
    /** Copies the list. */
    public Bulk {
      refusals = List.copyOf(refusals);
    }
  }

  /** A desk whose changes the ERP is not told of. */
  public QueueDesk(Jdbi jdbi, InstantSource clock) {
    this(jdbi, clock, clock, Facts.NONE, MailSigner.none());
  }

  /**
   * A desk whose clock may be moved.
   *
   * @param leaseClock real time: leases run by it
   * @param facts what the ERP is told
   * @param signer signs what is sent once more
   */
  public QueueDesk(
      Jdbi jdbi, InstantSource clock, InstantSource leaseClock, Facts facts, MailSigner signer) {
    this.facts = facts;
    this.jdbi = jdbi;
    this.clock = clock;
    this.leaseClock = leaseClock;
    this.sendAgain = new SendAgain(jdbi, clock, signer);
  }

  /**
   * One page, newest first.
   *
   * @param beforeId the last id of the page before; {@link Long#MAX_VALUE} for the first
   * @param max at most 1,000
   */
  public List<QueueEntry> list(QueueFilter filter, long beforeId, int max) {
    return jdbi.withHandle(
        handle -> lists.list(handle, filter, beforeId, Math.max(1, Math.min(max, LIST_MAX))));
  }

  /** How many packages a filter means: what a bulk change shows before it acts. */
  public long count(QueueFilter filter) {
    return jdbi.withHandle(handle -> lists.count(handle, filter));
  }

  /** A package with its attempts, its log and its bounces. */
  public Optional<QueueDetail> show(long id) {
    return jdbi.withHandle(handle -> lists.detail(handle, id));
  }

  /** Does it to one package, or says why not. */
  public QueueOutcome act(QueueOrder order, long id) {
    return page(order, List.of(id)).get(0);
  }

  /**
   * Does it to all packages a filter means, one transaction per page; what is queued meanwhile is
   * not touched. Ask {@link #count} first and show it.
   *
   * @param progress is told how many were looked at so far
   */
  public Bulk actAll(QueueOrder order, QueueFilter filter, LongConsumer progress) {
    long last =
        list(filter, Long.MAX_VALUE, 1).stream().mapToLong(QueueEntry::id).findFirst().orElse(0);
    long after = 0;
    long matched = 0;
    long changed = 0;
    List<QueueOutcome> refusals = new ArrayList<>();
    while (true) {
      long from = after;
      int most = order.action() == QueueAction.SEND_AGAIN ? SendAgain.PAGE : PAGE;
      List<Long> ids = jdbi.withHandle(handle -> lists.ids(handle, filter, from, last, most));
      List<QueueOutcome> page = page(order, ids);
      if (page.isEmpty()) {
        return new Bulk(matched, changed, matched - changed, refusals);
      }
      matched += page.size();
      changed += page.stream().filter(QueueOutcome::done).count();
      page.stream()
          .filter(outcome -> !outcome.done())
          .limit(REFUSALS_MAX - (long) refusals.size())
          .forEach(refusals::add);
      after = page.get(page.size() - 1).id();
      progress.accept(matched);
    }
  }

  private List<QueueOutcome> page(QueueOrder order, List<Long> ids) {
    if (ids.isEmpty()) {
      return List.of();
    }
    if (order.action() == QueueAction.SEND_AGAIN) {
      return sendAgain.act(order, ids);
    }
    return jdbi.inTransaction(handle -> act(handle, order, ids));
  }

  private List<QueueOutcome> act(Handle handle, QueueOrder order, List<Long> ids) {
    Instant now = clock.instant();
    switch (order.action()) {
      case RELEASE:
        return ids.stream().map(id -> release(handle, order, id, now)).toList();
      case RECIPIENT:
        return ids.stream().map(id -> readdress(handle, order, id, now)).toList();
      default:
        Set<Long> changed = new HashSet<>(store.change(handle, order, ids, now));
        tell(handle, order.action(), changed, now);
        Map<Long, String> states = store.states(handle, ids);
        return ids.stream()
            .map(
                id ->
                    changed.contains(id)
                        ? QueueOutcome.done(
                            id, states.getOrDefault(id, ""), order.action().done() + ".")
                        : QueueOutcome.refused(order.action(), id, states.get(id)))
            .toList();
    }
  }

  private QueueOutcome refused(Handle handle, QueueAction action, long id) {
    return QueueOutcome.refused(action, id, store.states(handle, List.of(id)).get(id));
  }

  private QueueOutcome release(Handle handle, QueueOrder order, long id, Instant now) {
    Optional<DeadLease> dead = store.lockDead(handle, id, leaseClock.instant());
    if (dead.isEmpty()) {
      String state = store.states(handle, List.of(id)).get(id);
      return "sending".equals(state)
          ? QueueOutcome.refused(
              id, state, "Its sidecar lives: the lease still runs. It is released by itself.")
          : QueueOutcome.refused(order.action(), id, state);
    }
    Release release = deadLeases.after(handle, dead.get(), now);
    leases.release(handle, id, release, now);
    facts.ended(handle, id, release.state(), now);
    note(handle, order, id, release.text(), now);
    return QueueOutcome.done(id, release.state().label(), release.text());
  }

  private QueueOutcome readdress(Handle handle, QueueOrder order, long id, Instant now) {
    Optional<QueueEntry> found = store.lock(handle, id, order.action().from());
    if (found.isEmpty()) {
      return refused(handle, order.action(), id);
    }
    QueueEntry entry = found.get();
    if (entry.isCallback()) {
      return QueueOutcome.refused(
          id, entry.state(), "A callback goes where the setting callback.url says.");
    }
    EmailAddress to = order.newRecipient();
    String from = EmailAddress.parse(entry.recipient()).map(EmailAddress::key).orElse("");
    if (from.equals(to.key())) {
      return QueueOutcome.refused(id, entry.state(), "It goes to " + to.text() + " already.");
    }
    if (entry.eventId() != null) {
      var other = guard.follow(handle, entry.eventId(), from, to.key(), now);
      if (other.isPresent()) {
        return QueueOutcome.refused(
            id,
            entry.state(),
            "The same document goes to that recipient already, by event " + other.get() + ".");
      }
    }
    store.recipient(handle, id, to, now);
    String sentence = "Recipient changed from " + entry.recipient() + " to " + to.text() + ".";
    note(handle, order, id, sentence, now);
    return QueueOutcome.done(id, entry.state(), sentence);
  }

  private void tell(Handle handle, QueueAction action, Set<Long> changed, Instant now) {
    switch (action) {
      case CANCEL, SETTLE_NOT_SENT -> facts.ended(handle, changed, now);
      case SETTLE_SENT -> facts.sent(handle, changed, now);
      default -> {} // no end of anything
    }
  }

  private void note(Handle handle, QueueOrder order, long id, String text, Instant now) {
    logs.insert(handle, id, new QueueDetail.Note(now, order.who(), order.action().label(), text));
  }
}
