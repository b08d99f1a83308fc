package dev.retour.events;

import dev.retour.delivery.Queue;
import dev.retour.store.StoreFault;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Carries decisions out, many in one transaction, so that the disk is asked once for all of them;
 * sooner when their mails are large. May be added to by several threads.
 */
final class Decisions {
  private static final Logger log = LoggerFactory.getLogger(Decisions.class);

  /** Mails held in memory at most, beside one for each thread. */
  private static final long BYTES_MAX = 4_000_000;

  private final Jdbi jdbi;
  private final Queue queue;
  private final Routing routing;
  private final EventStore store = new EventStore();
  private final AttachmentStore attachments = new AttachmentStore();
  private final EnrichmentStore enrichments = new EnrichmentStore();
  private final MessageStateStore messages = new MessageStateStore();
  private final ConcurrentLinkedQueue<Decision> made = new ConcurrentLinkedQueue<>();
  private final AtomicLong bytes = new AtomicLong();

  Decisions(Jdbi jdbi, Queue queue, Routing routing) {
    this.jdbi = jdbi;
    this.queue = queue;
    this.routing = routing;
  }

  /**
   * What was done.
   *
   * @param ours the events that were still ours; for the others nothing was done
   */
  private record Done(List<Decision> settled, Set<UUID> ours) {}

  void add(Decision decision) {
    made.add(decision);
    if (bytes.addAndGet(decision.bytes()) >= BYTES_MAX) {
      carryOut();
    }
  }

  /** Those not carried out yet, in the order in which their events came. */
  void carryOut() {
    List<Decision> group = new ArrayList<>();
    for (Decision next = made.poll(); next != null; next = made.poll()) {
      group.add(next);
      bytes.addAndGet(-next.bytes());
    }
    group.sort(Comparator.comparing(each -> each.event().receivedAt()));
    if (!group.isEmpty()) {
      together(group);
    }
  }

  /** When one is at fault each is tried alone, so that none fails for another. */
  private void together(List<Decision> group) {
    Done done;
    try {
      done = jdbi.inTransaction(handle -> carryOut(handle, group));
    } catch (JdbiException e) {
      if (group.size() == 1 || StoreFault.isAway(e)) {
        throw e;
      }
      log.warn("One of {} events cannot be stored; each is tried alone.", group.size());
      alone(group);
      return;
    }
    for (Decision each : done.settled()) {
      boolean our = done.ours().contains(each.event().id());
      log.atLevel(our ? each.level() : Level.DEBUG)
          .addKeyValue("event", each.event().id())
          .addKeyValue("ours", our)
          .log(each.sentence());
    }
  }

  /** First the messages, then the events: nothing is queued once a pause is committed. */
  private Done carryOut(Handle handle, List<Decision> group) {
    Map<String, MessageState> states =
        messages.hold(
            handle, group.stream().map(each -> each.event().eventType()).distinct().toList());
    List<Decision> settled =
        group.stream().map(each -> routing.of(each, states.get(each.event().eventType()))).toList();
    List<Decision.Queued> queued =
        settled.stream()
            .filter(Decision.Queued.class::isInstance)
            .map(Decision.Queued.class::cast)
            .toList();
    Set<UUID> ours = new HashSet<>();
    if (!queued.isEmpty()) {
      List<DueEvent> events = queued.stream().map(Decision.Queued::event).toList();
      List<Integer> versions = queued.stream().map(Decision.Queued::version).toList();
      ours.addAll(store.processing(handle, events, versions, queued.get(0).at()));
      queue.enqueue(
          handle,
          queued.stream()
              .filter(each -> ours.contains(each.event().id()))
              .map(Decision.Queued::mail)
              .toList());
    }
    List<UUID> ended = new ArrayList<>();
    for (Decision each : settled) {
      if (!(each instanceof Decision.Queued) && carryOut(handle, each)) {
        ours.add(each.event().id());
        if (each instanceof Decision.Ended) {
          ended.add(each.event().id());
        }
      }
    }
    queue.facts().withoutMail(handle, ended, group.get(0).at());
    // Last, as it locks bytes that events coming in may want to name.
    attachments.release(
        handle,
        queued.stream()
            .map(Decision.Queued::event)
            .filter(event -> event.hasFiles() && ours.contains(event.id()))
            .map(DueEvent::id)
            .toList());
    return new Done(settled, ours);
  }

  private boolean carryOut(Handle handle, Decision decision) {
    DueEvent event = decision.event();
    if (decision instanceof Decision.Postponed postponed) {
      Instant due = postponed.at().plus(postponed.delay());
      return store.postponed(handle, event, postponed.fault(), due, postponed.at());
    }
    if (decision instanceof Decision.PutBack back) {
      return store.putBack(handle, event, back.due(), back.at());
    }
    if (decision instanceof Decision.Held held) {
      return store.held(handle, event, held.fault(), held.until(), held.at());
    }
    if (decision instanceof Decision.Enriched enriched) {
      return enrichments.enriched(handle, enriched);
    }
    if (decision instanceof Decision.Waiting waiting) {
      return enrichments.waiting(handle, waiting);
    }
    Decision.Ended ended = (Decision.Ended) decision;
    return store.ended(handle, event, ended.end(), ended.at());
  }

  private void alone(List<Decision> group) {
    @Nullable RuntimeException fault = null;
    for (Decision each : group) {
      try {
        together(List.of(each));
      } catch (JdbiException e) {
        if (fault == null) {
          fault = e;
        } else {
          fault.addSuppressed(e);
        }
      }
    }
    if (fault != null) {
      throw fault;
    }
  }
}
