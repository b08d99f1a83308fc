package dev.retour.delivery;

import dev.retour.domains.Hop;
import dev.retour.domains.Route;
import dev.retour.domains.TlsMode;
import dev.retour.domains.Via;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The server that a way out means, with its protection, login and terms. */
final class Servers {
  private static final int RULED_MAX = 10_000;

  private final Relay ours;
  private final Map<Via.Relay, Relay> ruled = new ConcurrentHashMap<>();

  /**
   * @param ours the relay of the settings
   */
  Servers(Relay ours) {
    this.ours = ours;
  }

  /** Our relay, unless the rule of the domain protects the way to it otherwise. */
  Relay smarthost(Route route) {
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
  Relay relay(Via.Relay via) {
    if (ruled.size() > RULED_MAX) {
      ruled.clear(); // rules were edited very often
    }
    return ruled.computeIfAbsent(via, this::made);
  }

  private Relay made(Via.Relay via) {
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

  /** A mail exchanger. */
  Relay exchanger(Hop hop) {
    Relay.Terms terms = ours.terms();
    SmtpTimeouts timeouts =
        new SmtpTimeouts(
            hop.rule().timeouts().connect(),
            hop.rule().timeouts().answer(),
            hop.rule().timeouts().data(),
            terms.timeouts().write());
    return Relay.exchanger(
        hop.host(),
        hop.address(),
        hop.port(),
        tls(hop.tls()),
        new Relay.Terms(
            terms.ehloName(),
            timeouts,
            hop.rule().messagesPerConnection(),
            terms.pipelining(),
            terms.dsn()));
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
