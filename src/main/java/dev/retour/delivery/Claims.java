package dev.retour.delivery;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * One turn of the queue: what expired ends, what waits for a pause is put aside, what can go is
 * claimed.
 *
 * <p>As long as nothing pauses, a turn is the claim and, once a second, a look for what expired.
 * Each step is a transaction of its own: what puts packages aside locks no package and waits for
 * nobody.
 */
final class Claims {
  private static final int EXPIRE_MAX = 500;
  private static final int SAY_MAX = 500;
  private static final int PAGE = 5_000;
  private static final int PAGES_MAX = 40;
  private static final int KEYS_MAX = 1_000;
  private static final int OF_EACH_MIN = 10;
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final QueueTerms terms;
  private final WaitingStore waiting = new WaitingStore();
  private final LeaseStore leases = new LeaseStore();
  private final HeldStore held = new HeldStore();

  /** What packages are held for, by whatever sidecar. */
  private final NavigableSet<String> keys = new ConcurrentSkipListSet<>();

  /** What packages that are held say. */
  private final Map<String, String> said = new HashMap<>();

  private Instant lookAt = Instant.MIN;
  private Instant expireAt = Instant.MIN;

  Claims(Jdbi jdbi, InstantSource clock, QueueTerms terms) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.terms = terms;
  }

  /**
   * Takes the lease of at most {@code room} mails that can go now.
   *
   * @param inHand the domains of those this sidecar is sending
   */
  synchronized List<ClaimedPackage> claim(int room, Lease lease, Collection<String> inHand) {
    Instant now = clock.instant();
    Pauses pauses = terms.pauses().get();
    int candidates = LeaseStore.candidates(room);
    boolean clear = pauses.isNone() || putAside(pauses, candidates, now);
    look();
    say(pauses, now);
    expire(now);
    Map<String, Integer> free = free(pauses, inHand, candidates);
    // One statement: it needs no transaction around it.
    return jdbi.withHandle(
        handle -> leases.claim(handle, new LeaseStore.Wanted(room, clear, free), lease, now));
  }

  /** Now and then, as no claim takes what is past its validity. */
  private void expire(Instant now) {
    Instant at = terms.leaseClock().instant();
    if (at.isBefore(expireAt)) {
      return;
    }
    int expired =
        jdbi.inTransaction(
            handle -> {
              List<Long> ended = waiting.expire(handle, EXPIRE_MAX, now);
              terms.facts().ended(handle, ended, now);
              return ended.size();
            });
    expireAt = expired < EXPIRE_MAX ? at.plus(LOOK_EVERY) : at;
  }

  /**
   * Until the head of the queue has enough that can go, or nothing is left that cannot.
   *
   * @return false when it takes another turn: then nothing at the head is worth a claim
   */
  private boolean putAside(Pauses pauses, int candidates, Instant now) {
    Map<String, Optional<String>> known = new HashMap<>();
    int page = candidates;
    for (int i = 0; i < PAGES_MAX; i++) {
      int max = page;
      List<HeldStore.Due> head = jdbi.withHandle(handle -> held.head(handle, max, now));
      Map<Long, String> paused = new HashMap<>();
      for (HeldStore.Due due : head) {
        known
            .computeIfAbsent(due.domain(), pauses::keyOf)
            .ifPresent(key -> paused.put(due.id(), key));
      }
      if (paused.isEmpty()) {
        return true;
      }
      jdbi.useTransaction(handle -> held.putAside(handle, paused));
      paused.values().stream().distinct().forEach(key -> keys.add(HeldStore.UNSAID + key));
      if (head.size() < page || head.size() - paused.size() >= candidates) {
        return true;
      }
      page = candidates + PAGE;
    }
    return false;
  }

  /** Now and then, what others hold: who can send it does. */
  private void look() {
    Instant now = terms.leaseClock().instant();
    if (now.isBefore(lookAt)) {
      return;
    }
    List<String> all = jdbi.withHandle(held::keys);
    keys.retainAll(all);
    keys.addAll(all);
    lookAt = now.plus(LOOK_EVERY);
  }

  private void say(Pauses pauses, Instant now) {
    said.keySet().removeIf(key -> pauses.byKey(key) == null);
    pauses.all().stream().filter(each -> keys.contains(each.key())).forEach(this::renew);
    List<Pause> unsaid =
        pauses.all().stream().filter(each -> keys.contains(HeldStore.UNSAID + each.key())).toList();
    if (unsaid.isEmpty()) {
      return;
    }
    jdbi.useTransaction(handle -> held.say(handle, unsaid, SAY_MAX, now));
    unsaid.forEach(
        each -> {
          keys.add(each.key());
          said.putIfAbsent(each.key(), each.why().text());
        });
  }

  /** A domain that refuses its probes pauses anew, until another time. */
  private void renew(Pause pause) {
    String before = said.putIfAbsent(pause.key(), pause.why().text());
    if (before == null || before.equals(pause.why().text()) || !pause.isRenewed()) {
      return;
    }
    if (jdbi.inTransaction(handle -> held.unsay(handle, pause.key(), PAGE)) < PAGE) {
      said.put(pause.key(), pause.why().text());
    }
    keys.add(HeldStore.UNSAID + pause.key());
  }

  /** Of what is held, that which can go: how many at most of each. */
  private Map<String, Integer> free(Pauses pauses, Collection<String> inHand, int candidates) {
    if (keys.isEmpty()) {
      return Map.of();
    }
    Map<String, Integer> asking = new HashMap<>();
    inHand.forEach(domain -> asking.merge(Pause.domainKey(domain), 1, Integer::sum));
    Map<String, Integer> free = new HashMap<>();
    for (String key : keys) {
      boolean unsaid = key.startsWith(HeldStore.UNSAID);
      String of = unsaid ? key.substring(HeldStore.UNSAID.length()) : key;
      Pause pause = pauses.byKey(of);
      if (pause == null) {
        free.put(key, candidates);
      } else if (!(unsaid && keys.contains(of))) {
        free.put(key, pause.most() - asking.getOrDefault(of, 0));
      }
    }
    free.values().removeIf(most -> most <= 0);
    free.keySet().retainAll(free.keySet().stream().limit(KEYS_MAX).collect(Collectors.toSet()));
    int each = Math.max(candidates / Math.max(1, free.size()), OF_EACH_MIN);
    free.replaceAll((key, most) -> Math.min(most, each));
    return free;
  }

  /** How many wait for a mailbox. */
  int waitingFor(Handle handle, String mailbox, int max) {
    return held.count(handle, Pause.mailboxKey(mailbox), max);
  }
}
