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
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds the way out of each mail (the relay of the settings, a relay of its domain's rule, or the
 * domain's own servers), sends it there and tells the domain what came of it.
 */
final class MailRouter implements AutoCloseable {
  private static final Duration PROBE_MARGIN = Duration.ofSeconds(1);
  private static final Duration PROBE_SPREAD = Duration.ofSeconds(5);

  private static final int RULED_MAX = 10_000;

  private final RelayPools pools;
  private final InstantSource clock;
  private final DomainTraffic traffic;
  private final Map<Via.Relay, Relay> ruled = new ConcurrentHashMap<>();

  MailRouter(RelayPools pools, InstantSource clock, DomainTraffic traffic) {
    this.pools = pools;
    this.clock = clock;
    this.traffic = traffic;
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
      throw new NotNowException(wait);
    }
    Route route = ((Admission.Go) admission).route();
    if (route instanceof Route.None none) {
      throw new SmtpException(Phase.RCPT, none.replyCode(), none.replyCode() + " " + none.text());
    }
    if (!(route instanceof Route.Direct)) {
      requireOpen(relays(route).get(0));
    }
    return route;
  }

  /** Where mails to a domain go instead, as its rule says, for tests. */
  Optional<TestRedirect> redirect(String domain) {
    return traffic.redirect(domain).map(TestRedirect::new);
  }

  /** The servers of a way, in the order in which they are tried. */
  List<Relay> relays(Route route) {
    if (route instanceof Route.Direct direct) {
      return direct.hops().stream().map(this::exchanger).toList();
    }
    return List.of(route instanceof Route.Relayed own ? relay(own.relay()) : smarthost(route));
  }

  /**
   * The relay of the settings pauses claiming as a whole. One of a domain rule pauses only its
   * domains; their mails come back when it is tried again, not before.
   */
  private void requireOpen(Relay relay) throws MessagingException {
    try {
      pools.requireOpen(relay);
    } catch (MailboxUnavailableException e) {
      if (relay.equals(pools.ours())) {
        throw e;
      }
      RelayMonitor monitor = pools.monitor(relay);
      Instant now = clock.instant();
      Instant probe = monitor.probeAt();
      Instant from = (probe.isAfter(now) ? probe : now).plus(PROBE_MARGIN);
      throw new NotNowException(
          from.plusMillis(ThreadLocalRandom.current().nextLong(PROBE_SPREAD.toMillis())),
          "Waits: the mailbox "
              + monitor.mailbox()
              + " of its domain's rule is paused: "
              + e.getMessage(),
          Deferral.MAILBOX_PAUSED);
    }
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

  /** Tries relays that are paused; mail exchangers are tried by mails. */
  void probe() {
    pools.probe();
  }

  /** The relays of domain rules that were used lately. */
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
        via.host() + ":" + via.port(),
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
