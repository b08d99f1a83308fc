package dev.retour.events;

import dev.retour.store.StoreFault;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
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
  private final Queue<Decision> made = new ConcurrentLinkedQueue<>();
  private final AtomicLong bytes = new AtomicLong();

  Decisions(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

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
    List<Boolean> ours;
    try {
      ours =
          jdbi.inTransaction(
              handle -> group.stream().map(each -> each.change().test(handle)).toList());
    } catch (JdbiException e) {
      if (group.size() == 1 || StoreFault.isAway(e)) {
        throw e;
      }
      log.warn("One of {} events cannot be stored; each is tried alone.", group.size());
      alone(group);
      return;
    }
    for (int i = 0; i < group.size(); i++) {
      Decision done = group.get(i);
      log.atLevel(ours.get(i) ? done.level() : Level.DEBUG)
          .addKeyValue("event", done.event().id())
          .addKeyValue("ours", ours.get(i))
          .log(done.sentence());
    }
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
