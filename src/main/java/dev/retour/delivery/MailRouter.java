package dev.retour.delivery;

import dev.retour.domains.Admission;
import dev.retour.domains.DomainTraffic;
import dev.retour.domains.Hop;
import dev.retour.domains.Route;
import dev.retour.domains.TlsMode;
import dev.retour.domains.Via;
import dev.retour.qualification.Phase;
import jakarta.mail.MessagingException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Finds the way out of each mail (the relay of the settings, a relay of its domain's rule, or the
 * domain's own servers), sends it there and tells the domain what came of it.
 */
final class MailRouter implements AutoCloseable {
  /** Until then the next turn of the queue has put it aside; not at once, whatever it thinks. */
  private static final Duration ASIDE = Duration.ofSeconds(1);

  private static final int RULED_MAX = 10_000;

  private final RelayPools pools;
  private final InstantSource clock;
  private final DomainTraffic traffic;
  private final Optional<TestRedirect> redirect;
  private final Map<Via.Relay, Relay> ruled = new ConcurrentHashMap<>();

  /**
   * @param redirect where all mails go instead, for tests
   */
  MailRouter(
      RelayPools pools,
      InstantSource clock,
      DomainTraffic traffic,
      Optional<TestRedirect> redirect) {
    this.pools = pools;
    this.clock = clock;
    this.traffic = traffic;
    this.redirect = redirect;
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
      return direct.hops().stream().map(this::exchanger).toList();
    }
    return List.of(route instanceof Route.Relayed own ? relay(own.relay()) : smarthost(route));
  }

  /**
   * Sends one mail and records the server's answer in it.
   *
   * @throws MessagingException with the server's answer or the fault; {@link SmtpFault} reads it
   */
  void send(PackageMessage message) throws MessagingException {
    try {
      if (message.route() instanceof Route.Direct direct) {
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
    }
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
        pools.send(message, exchanger(hop), hop, traffic);
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

  private Relay smarthost(Route route) {
    Relay ours = pools.ours();
    TlsMode tls = route instanceof Route.Smarthost way ? way.tls() : null;
    if (tls == null || tls(tls) == ours.tls()) {
      return ours;
    }
    return new Relay(
        ours.describe() + ", TLS " + tls,
        ours.host(),
        ours.address(),
        ours.port(),
        tls(tls),
        ours.login(),
        ours.terms());
  }

  /** The same for the same rule: a password read anew and a pause belong to it. */
  private Relay relay(Via.Relay via) {
    if (ruled.size() > RULED_MAX) {
      ruled.clear(); // rules were edited very often
    }
    return ruled.computeIfAbsent(via, this::made);
  }

  private Relay made(Via.Relay via) {
    Relay ours = pools.ours();
    return new Relay(
        via.host() + ":" + via.port() + (via.user().isEmpty() ? "" : ", user " + via.user()),
        via.host(),
        null,
        via.port(),
        tls(via.tls()),
        via.user().isEmpty()
            ? SmtpLogin.NONE
            : new SmtpLogin.Password(
                via.user(), new Passwords(via.password().text(), via.password()::now), false),
        ours.terms());
  }

  private Relay exchanger(Hop hop) {
    Relay.Terms ours = pools.ours().terms();
    SmtpTimeouts timeouts =
        new SmtpTimeouts(
            hop.rule().timeouts().connect(),
            hop.rule().timeouts().answer(),
            hop.rule().timeouts().data(),
            ours.timeouts().write());
    return Relay.exchanger(
        hop.host(),
        hop.address(),
        hop.port(),
        tls(hop.tls()),
        new Relay.Terms(
            ours.ehloName(),
            timeouts,
            hop.rule().messagesPerConnection(),
            ours.pipelining(),
            ours.dsn()));
  }

  private static RelayConfig.Tls tls(TlsMode mode) {
    return switch (mode) {
      case DISABLED -> RelayConfig.Tls.DISABLED;
      case OPPORTUNISTIC -> RelayConfig.Tls.OPPORTUNISTIC;
      case REQUIRED -> RelayConfig.Tls.REQUIRED;
      case IMPLICIT -> RelayConfig.Tls.IMPLICIT;
    };
  }
}
