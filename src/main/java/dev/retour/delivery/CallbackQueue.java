package dev.retour.delivery;

import dev.retour.qualification.FailureType;
import dev.retour.qualification.Reason;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The callbacks in the durable queue: lease, attempts and redelivery are those of the mails, but
 * neither's claim sees the other. What a sidecar held when it died is told again: the ERP knows a
 * repetition by the id of the fact.
 */
public final class CallbackQueue {
  /** The message and the domain under which {@code rules/redelivery.rules.yaml} knows callbacks. */
  public static final String MESSAGE = "callback";

  private static final Logger log = LoggerFactory.getLogger(CallbackQueue.class);
  private static final int SWEEP_MAX = 500;

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final Queue queue;
  private final Redelivery redelivery;
  private final Set<Long> inHand;
  private final CallbackStore callbacks = new CallbackStore();
  private final WorkPackageStore packages = new WorkPackageStore();
  private final WaitingStore waiting = new WaitingStore();
  private final AttemptStore attempts = new AttemptStore();

  CallbackQueue(Jdbi jdbi, InstantSource clock, Queue queue, Redelivery redelivery) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.queue = queue;
    this.inHand = queue.callbacks();
    this.redelivery = redelivery;
  }

  /** Takes what is due, so that this sidecar holds at most {@code max}. */
  public List<Callback> claim(int max) {
    int room = max - inHand.size();
    if (room <= 0) {
      return List.of();
    }
    Instant now = clock.instant();
    List<Callback> claimed =
        jdbi.inTransaction(
            handle -> {
              callbacks.expire(handle, SWEEP_MAX, now);
              return callbacks.claim(handle, room, queue.lease(), now);
            });
    claimed.forEach(each -> inHand.add(each.claimed().id()));
    return claimed;
  }

  /** How many this sidecar holds at the moment. */
  public int inHand() {
    return inHand.size();
  }

  /** How many are still to be told; {@code max} when it is that many or more. */
  public int open(int max) {
    return jdbi.withHandle(handle -> callbacks.open(handle, max));
  }

  /** The ERP took it. */
  public void accepted(Callback callback, String reply) {
    ClaimedPackage claimed = callback.claimed();
    boolean ours =
        jdbi.inTransaction(handle -> callbacks.accepted(handle, claimed, reply, clock.instant()));
    settled(callback, ours, "told: " + reply);
  }

  /** The ERP will not take it: it waits for a person. */
  public void refused(Callback callback, String text) {
    settle(callback, "refused", step(PackageState.ERROR, FailureType.HARD, text));
  }

  /** The ERP does not want to know. */
  public void unwanted(Callback callback, String text) {
    settle(callback, "refused", step(PackageState.CANCELLED, FailureType.IGNORED, text));
  }

  /**
   * Not told yet: it waits by its redelivery policy, or expires.
   *
   * @param notBefore what the ERP asked for; null: nothing
   */
  public void later(Callback callback, String text, @Nullable Instant notBefore) {
    NextStep next =
        redelivery.later(
            callback.claimed(),
            new Failure(FailureType.SOFT, Reason.UNREACHABLE, text, MESSAGE),
            clock.instant());
    boolean postponed =
        notBefore != null && next.dueAt() != null && next.dueAt().isBefore(notBefore);
    settle(
        callback,
        "failed",
        postponed ? new NextStep(next.state(), notBefore, next.failure(), next.text()) : next);
  }

  /** Gives one back that was not tried; its policy does not count the attempt. */
  public void giveBack(Callback callback, String text, Instant until) {
    Failure failure = new Failure(FailureType.IGNORED, Reason.UNREACHABLE, text, MESSAGE);
    NextStep next = new NextStep(PackageState.WAITING, until, failure);
    end(
        callback,
        "failed",
        next,
        (handle, now) -> waiting.defer(handle, callback.claimed(), next, now));
  }

  /**
   * Lets go of one whose outcome could not be stored: when its lease has run out, the ERP is told
   * again.
   */
  public void letGo(Callback callback) {
    inHand.remove(callback.claimed().id());
  }

  private void settle(Callback callback, String phase, NextStep next) {
    end(
        callback,
        phase,
        next,
        (handle, now) -> packages.failed(handle, callback.claimed(), next, now));
  }

  private interface Ending {
    void store(Handle handle, Instant now);
  }

  private void end(Callback callback, String phase, NextStep next, Ending ending) {
    ClaimedPackage claimed = callback.claimed();
    Instant now = clock.instant();
    boolean ours =
        jdbi.inTransaction(
            handle -> {
              if (!packages.isOurs(handle, claimed)) {
                return false;
              }
              attempts.ended(handle, claimed.attemptId(), phase, next.failure().text(), now);
              ending.store(handle, now);
              return true;
            });
    settled(callback, ours, next.state().label() + ": " + next.failure().text());
  }

  private void settled(Callback callback, boolean ours, String became) {
    inHand.remove(callback.claimed().id());
    log.atInfo()
        .addKeyValue("workPackage", callback.claimed().id())
        .log(
            "Callback {} {}",
            callback.fact().fact().type(),
            ours ? became : "was taken over by another sidecar; this attempt changes nothing");
  }

  private static NextStep step(PackageState state, FailureType type, String text) {
    return new NextStep(state, null, new Failure(type, Reason.REFUSED, text, MESSAGE));
  }
}
