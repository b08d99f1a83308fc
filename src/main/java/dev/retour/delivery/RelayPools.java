package dev.retour.delivery;

import dev.retour.domains.DomainTraffic;
import dev.retour.domains.Hop;
import jakarta.mail.MessagingException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pool of connections for each relay. Our own relay's and those of rules are always there; the
 * others come with the mails and go when they hold no connection any more.
 */
final class RelayPools implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RelayPools.class);

  private static final long WATCH_EVERY_MILLIS = 1_000;

  private final Relay ours;
  private final DeliveryConfig config;
  private final RelayMonitor monitor;
  private final InstantSource clock;
  private final SmtpOpening opening;
  private final Map<Way, TransportPool> pools = new ConcurrentHashMap<>();
  private volatile Set<Relay> kept = Set.of();
  private final Probes probes = new Probes();
  private final Timer watchdog = new Timer("smtp-watchdog", true);

  /**
   * What connections are pooled by.
   *
   * @param hop what they are counted by; null: by nobody
   */
  private record Way(Relay relay, @Nullable Hop hop) {}

  /**
   * @param monitor of our own relay
   */
  RelayPools(RelayConfig relay, DeliveryConfig config, RelayMonitor monitor, InstantSource clock) {
    this(relay, config, monitor, clock, Optional::empty);
  }

  /**
   * @param passwordNow reads the password of our own relay anew; nothing when it cannot
   */
  RelayPools(
      RelayConfig relay,
      DeliveryConfig config,
      RelayMonitor monitor,
      InstantSource clock,
      Supplier<Optional<String>> passwordNow) {
    this.ours = relay.relay(config.messagesPerConnection(), passwordNow);
    this.config = config;
    this.monitor = monitor;
    this.clock = clock;
    this.opening = new SmtpOpening(new SmtpTls(relay.authorities()));
    pool(ours);
    TimerTask look =
        new TimerTask() {
          @Override
          public void run() {
            cutStuck();
          }
        };
    watchdog.schedule(look, WATCH_EVERY_MILLIS, WATCH_EVERY_MILLIS);
  }

  /** The relay of the settings. */
  Relay ours() {
    return ours;
  }

  /**
   * Sends one mail over the first of its relays that can be reached.
   *
   * @throws MessagingException with the server's answer or the fault; {@link SmtpFault} reads it
   */
  void send(PackageMessage message) throws MessagingException {
    UnopenedException last = null;
    for (Relay relay : message.envelope().relays()) {
      try {
        pool(relay).send(message);
        return;
      } catch (UnopenedException e) {
        last = e;
      }
    }
    throw last == null ? new MessagingException("The mail has no relay to go to.") : last;
  }

  /**
   * Sends many mails over one relay, as far as they go smoothly.
   *
   * @return those that were taken
   */
  List<PackageMessage> send(
      List<PackageMessage> mails, Relay relay, Semaphore inTheAir, SmtpVolley.Fence fence) {
    return new SmtpVolley(pool(relay), config.volleyPatience(), inTheAir, fence).send(mails);
  }

  /**
   * Sends one mail to one of the servers of its domain.
   *
   * @throws UnopenedException when no session came about: the next server may be tried
   * @throws NotNowException when it has as many connections as it may have
   */
  void send(PackageMessage message, Relay exchanger, Hop hop, DomainTraffic traffic)
      throws MessagingException {
    pools
        .computeIfAbsent(
            new Way(exchanger, hop), missing -> pool(exchanger, Connections.to(hop, traffic)))
        .send(message);
  }

  /**
   * Nothing is tried while a mailbox is paused.
   *
   * @throws MailboxUnavailableException with the fault it is paused for
   */
  void requireOpen(Relay relay) throws MailboxUnavailableException {
    pool(relay).monitor().requireOpen();
  }

  /** Whether a relay can be used, and since when not. */
  RelayMonitor monitor(Relay relay) {
    return pool(relay).monitor();
  }

  /**
   * The mailboxes that are named now, beside ours: known and tried also before a mail goes over
   * them. Whatever was known of others does not count any more.
   */
  void keep(Set<Relay> named) {
    if (!named.equals(kept)) {
      named.forEach(this::pool);
      kept = named;
    }
  }

  /** All mailboxes that are named. */
  List<RelayMonitor> mailboxes() {
    return pools.entrySet().stream()
        .filter(each -> isKept(each.getKey().relay()))
        .map(each -> each.getValue().monitor())
        .toList();
  }

  /** All but our own. */
  List<RelayMonitor> others() {
    return mailboxes().stream().filter(each -> each != monitor).toList();
  }

  void probe() {
    probes.of(
        pools.entrySet().stream()
            .filter(each -> isKept(each.getKey().relay()) && each.getValue().isProbeDue())
            .map(Map.Entry::getValue)
            .toList());
  }

  void closeIdle() {
    pools.values().forEach(TransportPool::closeIdle);
    pools.forEach(
        (way, pool) -> {
          if (pool.isEmpty() && !isKept(way.relay()) && pools.remove(way, pool)) {
            pool.close(); // whoever is just sending over it keeps no connection open
          }
        });
  }

  @Override
  public void close() {
    watchdog.cancel();
    probes.close();
    pools.values().forEach(TransportPool::close);
  }

  private boolean isKept(Relay relay) {
    return relay.equals(ours) || kept.contains(relay);
  }

  private TransportPool pool(Relay relay) {
    return pools.computeIfAbsent(
        new Way(relay, null), missing -> pool(relay, Connections.UNCOUNTED));
  }

  private TransportPool pool(Relay relay, Connections connections) {
    RelayMonitor own =
        relay.equals(ours)
            ? monitor
            : new RelayMonitor(relay.mailbox() == null ? relay.describe() : relay.mailbox(), clock);
    return new TransportPool(relay, config, own, clock, opening, connections);
  }

  private void cutStuck() {
    try {
      pools.values().forEach(TransportPool::cutStuck);
    } catch (RuntimeException e) {
      log.warn("The watchdog of the connections failed; it goes on in a second.", e);
    }
  }
}
