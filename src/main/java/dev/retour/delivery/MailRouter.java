package dev.retour.delivery;

import dev.retour.domains.Admission;
import dev.retour.domains.DomainTraffic;
import dev.retour.domains.Hop;
import dev.retour.domains.Route;
import dev.retour.domains.TlsMode;
import dev.retour.domains.Via;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;

/**
 * One pool of connections per way out: the relay of the settings, relays of domain rules, and mail
 * exchangers. Finds the way of each mail and tells the domain what came of it.
 */
final class MailRouter implements AutoCloseable {
  private static final Duration PROBE_MARGIN = Duration.ofSeconds(1);
  private static final Duration PROBE_SPREAD = Duration.ofSeconds(5);

  private final RelayConfig relay;
  private final DeliveryConfig config;
  private final InstantSource clock;
  private final DomainTraffic traffic;
  private final TransportPool smarthost;
  private final Map<RelayConfig, TransportPool> relays = new ConcurrentHashMap<>();
  private final Map<Hop, TransportPool> exchangers = new ConcurrentHashMap<>();

  MailRouter(
      RelayConfig relay,
      DeliveryConfig config,
      RelayMonitor monitor,
      InstantSource clock,
      DomainTraffic traffic) {
    this.relay = relay;
    this.config = config;
    this.clock = clock;
    this.traffic = traffic;
    this.smarthost = new TransportPool(relay, config, monitor, clock);
  }

  Session session() {
    return smarthost.session();
  }

  /**
   * The way of a mail that may go now.
   *
   * @throws NotNowException when it must wait its turn
   * @throws MailboxUnavailableException when its relay is paused
   * @throws SMTPAddressFailedException when its domain takes no mail, as a server would say it
   */
  Route route(String domain, InternetAddress recipient) throws MessagingException {
    Admission admission = traffic.admit(domain);
    if (admission instanceof Admission.Wait wait) {
      throw new NotNowException(wait);
    }
    Route route = ((Admission.Go) admission).route();
    if (route instanceof Route.None none) {
      throw new SMTPAddressFailedException(
          recipient, "RCPT", none.replyCode(), none.replyCode() + " " + none.text());
    }
    if (!(route instanceof Route.Direct)) {
      requireOpen(pool(route));
    }
    return route;
  }

  /**
   * The relay of the settings pauses claiming as a whole. One of a domain rule pauses only its
   * domains; their mails come back when it is tried again, not before.
   */
  private void requireOpen(TransportPool pool) throws MessagingException {
    try {
      pool.requireOpen();
    } catch (MailboxUnavailableException e) {
      if (pool == smarthost) {
        throw e;
      }
      Instant now = clock.instant();
      Instant probe = pool.monitor().probeAt();
      Instant from = (probe.isAfter(now) ? probe : now).plus(PROBE_MARGIN);
      throw new NotNowException(
          from.plusMillis(ThreadLocalRandom.current().nextLong(PROBE_SPREAD.toMillis())),
          "Waits: the mailbox "
              + pool.monitor().mailbox()
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
        pool(message.route()).send(message);
      }
      traffic.result(message.domain(), DomainTraffic.Outcome.ACCEPTED);
    } catch (MessagingException e) {
      if (isAboutDomain(message.route(), e)) {
        traffic.result(message.domain(), DomainTraffic.Outcome.REFUSED);
      }
      throw e;
    }
  }

  /** Closes connections that were not used for the configured time. */
  void closeIdle() {
    smarthost.closeIdle();
    relays.values().forEach(TransportPool::closeIdle);
    exchangers.values().forEach(TransportPool::closeIdle);
    relays.values().removeIf(TransportPool::retire);
    exchangers.values().removeIf(TransportPool::retire);
  }

  /** Tries relays that are paused; mail exchangers are tried by mails. */
  void probe() {
    smarthost.probe();
    relays.values().forEach(TransportPool::probe);
  }

  /** The relays of domain rules that were used so far. */
  List<RelayMonitor> relays() {
    return relays.values().stream().map(TransportPool::monitor).toList();
  }

  @Override
  public void close() {
    smarthost.close();
    relays.values().forEach(TransportPool::close);
    exchangers.values().forEach(TransportPool::close);
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
        exchanger(hop).send(message);
        return;
      } catch (MailboxUnavailableException e) {
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

  private TransportPool pool(Route route) {
    if (route instanceof Route.Relayed relayed) {
      return relays.computeIfAbsent(
          relay(relayed.relay()),
          own ->
              new TransportPool(
                  own, config, new RelayMonitor(own.host() + ":" + own.port(), clock), clock));
    }
    TlsMode tls = route instanceof Route.Smarthost way ? way.tls() : null;
    return tls == null || tls(tls) == relay.tls()
        ? smarthost
        : relays.computeIfAbsent(
            relay.withTls(tls(tls)),
            own ->
                new TransportPool(
                    own,
                    config,
                    new RelayMonitor(own.host() + ":" + own.port() + ", TLS " + tls, clock),
                    clock));
  }

  private TransportPool exchanger(Hop hop) {
    return exchangers.computeIfAbsent(
        hop,
        fresh ->
            new TransportPool(
                new RelayConfig(
                    hop.host(),
                    hop.port(),
                    "",
                    "",
                    tls(hop.tls()),
                    relay.ehloName(),
                    hop.rule().timeouts().connect(),
                    hop.rule().timeouts().answer()),
                config.withMessagesPerConnection(hop.rule().messagesPerConnection()),
                RelayMonitor.silent(hop.host(), clock),
                clock,
                Connections.to(hop, traffic)));
  }

  private RelayConfig relay(Via.Relay via) {
    return new RelayConfig(
        via.host(),
        via.port(),
        via.user(),
        via.password(),
        tls(via.tls()),
        relay.ehloName(),
        relay.connectTimeout(),
        relay.answerTimeout());
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
