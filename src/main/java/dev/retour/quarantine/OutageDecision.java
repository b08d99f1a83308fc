package dev.retour.quarantine;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * What a person makes of a suspected outage: the held decisions are carried out, or dropped
 * together with those that were carried out before the suspicion.
 */
public final class OutageDecision {
  private static final int PAGE = 200;
  private static final int LIST_MAX = 1_000;

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final AddressBook book;
  private final StandingListener listener;
  private final OutageStore store = new OutageStore();
  private final AddressHistoryStore history = new AddressHistoryStore();

  /**
   * Works on the tables behind {@code jdbi}.
   *
   * @param listener is told who is barred or freed by it
   */
  public OutageDecision(
      Jdbi jdbi, InstantSource clock, QuarantineConfig config, StandingListener listener) {
    this.jdbi = jdbi;
    this.listener = listener;
    this.clock = clock;
    this.book = new AddressBook(jdbi, clock, config, DomainReach.UNKNOWN, listener);
  }

  /**
   * What came of it.
   *
   * @param changed addresses quarantined, or freed again
   * @param leftAlone addresses that had changed otherwise in between
   */
  public record Outcome(int changed, int leftAlone) {}

  /** Suspicions, the newest first; only those that wait for a person unless all are wanted. */
  public List<Outage> list(boolean all) {
    return jdbi.withHandle(handle -> store.list(handle, all, LIST_MAX));
  }

  /** One of them. */
  public Optional<Outage> find(long id) {
    return jdbi.withHandle(handle -> store.find(handle, id));
  }

  /** The addresses whose decision is held. */
  public List<String> addresses(long id) {
    return jdbi.withHandle(handle -> store.held(handle, id, "", LIST_MAX)).stream()
        .map(AddressFailure::addressKey)
        .toList();
  }

  /**
   * The failures are real: every held decision is carried out, a transaction a page.
   *
   * @return empty when it was decided before
   */
  public Optional<Outcome> quarantine(long id, String who) {
    if (!decided(id, "quarantined", who)) {
      return Optional.empty();
    }
    int changed = 0;
    int seen = 0;
    String last = "";
    List<AddressFailure> page;
    do {
      String after = last;
      page = jdbi.withHandle(handle -> store.held(handle, id, after, PAGE));
      List<AddressFailure> these = page;
      changed += jdbi.inTransaction(handle -> carryOut(handle, these));
      seen += page.size();
      last = page.isEmpty() ? last : page.get(page.size() - 1).addressKey();
    } while (page.size() == PAGE);
    return Optional.of(new Outcome(changed, seen - changed));
  }

  private int carryOut(Handle handle, List<AddressFailure> failures) {
    int changed = 0;
    for (AddressFailure failure : failures) {
      AddressChange change = book.apply(handle, failure);
      changed += change.before() != change.after() && change.isBarred() ? 1 : 0;
    }
    return changed;
  }

  /**
   * It was an outage: what is held is dropped, and who was quarantined before the suspicion goes
   * back to the state before, where nothing has changed since.
   *
   * @return empty when it was decided before
   */
  public Optional<Outcome> release(long id, String who) {
    List<DecisionUndo.Step> plan = jdbi.withHandle(handle -> plan(handle, id));
    if (!decided(id, "released", who)) {
      return Optional.empty();
    }
    int freed =
        new DecisionUndo(jdbi, clock, listener)
            .carryOut(plan, who, "Outage " + id + ": the failures were the provider's.");
    return Optional.of(new Outcome(freed, plan.size() - freed));
  }

  private List<DecisionUndo.Step> plan(Handle handle, long id) {
    List<DecisionUndo.Step> plan = new ArrayList<>();
    for (String address : store.barredBefore(handle, id)) {
      AddressHistoryEntry entry = history.newest(handle, address, 1).get(0);
      AddressState before = entry.before();
      plan.add(
          new DecisionUndo.Step(
              address,
              entry.after(),
              before == null ? AddressState.VALID : before,
              entry.errorsBefore(),
              history.newestId(handle, address),
              entry.after() == AddressState.QUARANTINED ? null : "It has changed since."));
    }
    return plan;
  }

  private boolean decided(long id, String state, String who) {
    return jdbi.inTransaction(handle -> store.decide(handle, id, state, who, clock.instant()));
  }
}
