package dev.retour.erp;

import dev.retour.delivery.Callback;
import dev.retour.delivery.CallbackQueue;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells the ERP what stands in the queue, each fact at least once: an answer that could not be
 * stored means that it is told again, under the same id.
 */
public final class Callbacks {
  /** The most facts this sidecar holds a lease of. */
  private static final int BATCH = 50;

  private final CallbackQueue queue;
  private final CallbackSender sender;
  private final EndpointMonitor monitor;
  private final InstantSource clock;

  Callbacks(
      CallbackQueue queue, CallbackSender sender, EndpointMonitor monitor, InstantSource clock) {
    this.queue = queue;
    this.sender = sender;
    this.monitor = monitor;
    this.clock = clock;
  }

  /** Takes what is due; one to try with while the endpoint is away. */
  public List<Callback> claim() {
    if (monitor.state().up()) {
      return queue.claim(BATCH);
    }
    return monitor.isProbeDue() ? queue.claim(1) : List.of();
  }

  /** Tells one fact, and stores what became of it. */
  public void tell(Callback callback) {
    if (!monitor.mayTry()) {
      queue.giveBack(
          callback, "Not tried, the ERP does not answer at the moment.", monitor.probeAt());
      return;
    }
    CallbackAnswer answer = sender.send(callback);
    if (answer instanceof CallbackAnswer.TryLater wait) {
      monitor.fails(wait.text(), wait.retryAfter());
      @Nullable Instant notBefore =
          wait.retryAfter() == null ? null : clock.instant().plus(wait.retryAfter());
      queue.later(callback, wait.text(), notBefore);
      return;
    }
    monitor.answers();
    if (answer instanceof CallbackAnswer.Accepted) {
      queue.accepted(callback, answer.text());
    } else if (answer instanceof CallbackAnswer.Unwanted) {
      queue.unwanted(callback, answer.text());
    } else {
      queue.refused(callback, answer.text());
    }
  }

  /** What could not be stored is told again once its lease has run out. */
  public void letGo(Callback callback) {
    queue.letGo(callback);
  }

  /** Whether the endpoint answers. */
  public EndpointMonitor.State state() {
    return monitor.state();
  }

  /** How many facts are still to be told; {@code max} when it is that many or more. */
  public int open(int max) {
    return queue.open(max);
  }
}
