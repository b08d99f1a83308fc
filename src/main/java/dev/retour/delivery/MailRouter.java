package dev.retour.delivery;

import dev.retour.domains.Admission;
import dev.retour.domains.DomainTraffic;
import dev.retour.domains.Hop;
import dev.retour.domains.Route;
import dev.retour.qualification.Phase;
import jakarta.mail.MessagingException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Finds the way out of each mail (the relay of the settings, a relay of its domain's rule, or the
 * domain's own servers), sends it there and tells the domain what came of it.
 */
final class MailRouter implements AutoCloseable {
  /** Until then the next turn of the queue has put it aside; not at once, whatever it thinks. */
  private static final Duration ASIDE = Duration.ofSeconds(1);

  private final RelayPools pools;
  private final InstantSource clock;
  private final DomainTraffic traffic;
  private final Optional<TestRedirect> redirect;
  private final Servers servers;

  /** One permit for each mail that may be under way. */
  private final Semaphore inTheAir;

  /**
   * @param config says how many mails may be under way, and where all go instead in tests
   */
  MailRouter(RelayPools pools, InstantSource clock, DomainTraffic traffic, DeliveryConfig config) {
    this.pools = pools;
    this.servers = new Servers(pools.ours());
    this.clock = clock;
    this.traffic = traffic;
    this.redirect = config.redirect();
    this.inTheAir = new Semaphore(config.concurrency(), true);
  }

  /**
   * The way of a mail that may go now.
   *
   * @throws NotNowException when it must wait its turn
   * @throws MailboxUnavailableException when its relay is paused
   * @throws SmtpException when its domain takes no mail, as a server would say it
   */
  Route route(String domain) throws MessagingException {
    Admission admission = traffic.admit(domain);
    if (admission instanceof Admission.Wait wait) {
      throw wait.suspended()
          ? new NotNowException(clock.instant().plus(ASIDE), wait)
          : new NotNowException(wait);
    }
    Route route = ((Admission.Go) admission).route();
    if (route instanceof Route.None none) {
      throw new SmtpException(Phase.RCPT, none.replyCode(), none.replyCode() + " " + none.text());
    }
    if (!(route instanceof Route.Direct)) {
      pools.requireOpen(relays(route).get(0));
    }
    return route;
  }

  /** Where mails to a domain go instead, as the settings or its rule say, for tests. */
  Optional<TestRedirect> redirect(String domain) {
    return redirect.or(() -> traffic.redirect(domain).map(TestRedirect::new));
  }

  /**
   * Tells the domains whose mails go by a mailbox, and are neither paused nor probed: whether one
   * of these may go now can be asked twice. The DNS is not asked.
   */
  Predicate<String> smooth() {
    Set<String> pausing = traffic.suspended().keySet();
    return recipientDomain -> {
      try {
        String domain = domainAfterRedirect(recipientDomain);
        return !pausing.contains(domain) && traffic.mailbox(domain).isPresent();
      } catch (SmtpException e) {
        return false; // the mail will fail of it
      }
    };
  }

  private String domainAfterRedirect(String recipientDomain) throws SmtpException {
    Optional<TestRedirect> elsewhere = redirect(recipientDomain);
    return elsewhere.isEmpty() ? recipientDomain : elsewhere.get().domain();
  }

  /** What no mail can go over or to at the moment. Asked at each turn of the queue. */
  Pauses pauses() {
    keepMailboxes();
    Map<String, Pause> pauses = new HashMap<>();
    for (RelayMonitor monitor : pools.mailboxes()) {
      RelayMonitor.State state = monitor.state();
      if (!state.up()) {
        Pause pause = Pause.ofMailbox(monitor.mailbox(), String.valueOf(state.fault()));
        pauses.put(pause.key(), pause);
      }
    }
    traffic
        .suspended()
        .forEach(
            (domain, suspended) ->
                pauses.put(Pause.domainKey(domain), Pause.ofDomain(domain, suspended)));
    return pauses.isEmpty()
        ? Pauses.NONE
        : new Pauses(pauses, domain -> keyOf(domain, pauses.keySet()));
  }

  /** The same questions, in the same order, that a mail is asked before it is sent. */
  private Optional<String> keyOf(String recipientDomain, Set<String> paused) {
    String domain;
    try {
      domain = domainAfterRedirect(recipientDomain);
    } catch (SmtpException e) {
      return Optional.empty(); // the mail will fail of it, paused or not
    }
    if (paused.contains(Pause.domainKey(domain))) {
      return Optional.of(Pause.domainKey(domain));
    }
    return traffic
        .mailbox(domain)
        .map(route -> pools.monitor(relays(route).get(0)))
        .filter(monitor -> !monitor.state().up())
        .map(monitor -> Pause.mailboxKey(monitor.mailbox()));
  }

  /** A mailbox that no rule names any more pauses nothing, and is not tried. */
  private void keepMailboxes() {
    pools.keep(
        traffic.mailboxes().stream()
            .map(route -> relays(route).get(0))
            .collect(Collectors.toUnmodifiableSet()));
  }

  /** The servers of a way, in the order in which they are tried. */
  List<Relay> relays(Route route) {
    if (route instanceof Route.Direct direct) {
      return direct.hops().stream().map(servers::exchanger).toList();
    }
    return List.of(
        route instanceof Route.Relayed own ? servers.relay(own.relay()) : servers.smarthost(route));
  }

  /**
   * Sends one mail and records the server's answer in it.
   *
   * @throws MessagingException with the server's answer or the fault; {@link SmtpFault} reads it
   */
  void send(PackageMessage message) throws MessagingException {
    SmtpVolley.Handover begun = message.takeHandover();
    if (begun == null) {
      inTheAir.acquireUninterruptibly();
    }
    try {
      if (begun != null) {
        begun.finish();
      } else if (message.route() instanceof Route.Direct direct) {
        sendDirect(message, direct);
      } else {
        pools.send(message);
      }
      traffic.result(message.domain(), DomainTraffic.Outcome.ACCEPTED);
    } catch (MessagingException e) {
      if (isAboutDomain(message.route(), e)) {
        traffic.result(message.domain(), DomainTraffic.Outcome.REFUSED);
      }
      throw e instanceof SmtpException answer
              && message.envelope().purpose() == Envelope.Purpose.REDIRECT
          ? TestRedirect.notAboutTheRecipient(answer)
          : e;
    } finally {
      inTheAir.release();
    }
  }

  /**
   * Sends those together that go over the same relay, as far as they go smoothly. The others are
   * sent, or finished, by {@link #send(PackageMessage)}.
   *
   * @return those that were taken
   */
  List<PackageMessage> send(List<PackageMessage> mails, SmtpVolley.Fence fence) {
    Map<Relay, List<PackageMessage>> byRelay = new LinkedHashMap<>();
    for (PackageMessage mail : mails) {
      if (!(mail.route() instanceof Route.Direct)
          && !mail.isTest()
          && mail.getSize() <= SmtpVolley.OCTETS_MAX) {
        byRelay
            .computeIfAbsent(mail.envelope().relays().get(0), first -> new ArrayList<>())
            .add(mail);
      }
    }
    List<PackageMessage> taken = new ArrayList<>(mails.size());
    byRelay.forEach((relay, some) -> taken.addAll(pools.send(some, relay, inTheAir, fence)));
    taken.forEach(mail -> traffic.result(mail.domain(), DomainTraffic.Outcome.ACCEPTED));
    return taken;
  }

  /** Closes connections that were not used for the configured time. */
  void closeIdle() {
    pools.closeIdle();
  }

  /** Tries mailboxes that are paused or new; mail exchangers are tried by mails. */
  void probe() {
    keepMailboxes();
    pools.probe();
  }

  /** The mailboxes of domain rules. */
  List<RelayMonitor> relays() {
    return pools.others();
  }

  @Override
  public void close() {
    pools.close();
  }

  /** The next exchanger is tried only when no connection to the one before came about. */
  private void sendDirect(PackageMessage message, Route.Direct route) throws MessagingException {
    String last = "";
    for (Hop hop : route.hops()) {
      if (!hop.equals(route.hops().get(0))
          && traffic.admit(message.domain(), route, hop) instanceof Admission.Wait wait) {
        throw new NotNowException(wait);
      }
      try {
        pools.send(message, servers.exchanger(hop), hop, traffic);
        return;
      } catch (UnopenedException e) {
        last = hop.host() + " [" + hop.address().getHostAddress() + "]: " + e.getMessage();
      }
    }
    // Not the exception of the hop: that one means a paused mailbox, and this mail has failed.
    throw new MessagingException("No mail server could be reached; the last was " + last);
  }

  private static boolean isAboutDomain(Route route, MessagingException thrown) {
    if (!Deferral.isAboutTheMail(thrown)) {
      return false;
    }
    return route instanceof Route.Direct || SmtpFault.of(thrown).aboutRecipient();
  }
}
