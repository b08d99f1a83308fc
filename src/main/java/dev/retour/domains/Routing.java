package dev.retour.domains;

import dev.retour.domains.DomainsModule.WayOut;
import java.util.List;

/** Finds the way of a domain's mail by the rules in force and, for direct delivery, the DNS. */
final class Routing {
  private static final Route SMARTHOST = new Route.Smarthost(null);
  private static final Via OVER_OURS = new Via.Smarthost();

  private final DomainsConfig config;
  private final Domains domains;
  private final MxLookup lookup;
  private final WayOut wayOut;

  Routing(DomainsConfig config, Domains domains, MxLookup lookup, WayOut wayOut) {
    this.config = config;
    this.domains = domains;
    this.lookup = lookup;
    this.wayOut = wayOut;
  }

  /** The way as the rule says, the settings taken into account. */
  Via via(String domain) {
    Via via = wayOut == WayOut.SANDBOX ? OVER_OURS : domains.rules().ruleFor(domain).via();
    return via instanceof Via.Smarthost && wayOut == WayOut.DIRECT ? new Via.Direct() : via;
  }

  boolean hasOneWay() {
    return wayOut == WayOut.SANDBOX || (wayOut == WayOut.RELAY && domains.rules().onlySmarthost());
  }

  Route route(String domain) {
    if (wayOut == WayOut.SANDBOX) {
      return SMARTHOST;
    }
    DomainRule rule = domains.rules().ruleFor(domain);
    if (rule.via() instanceof Via.Smarthost && wayOut == WayOut.RELAY) {
      return rule.tls() == null ? SMARTHOST : new Route.Smarthost(rule.tls());
    }
    if (rule.via() instanceof Via.Relay relay) {
      return new Route.Relayed(
          rule.tls() == null
              ? relay
              : new Via.Relay(
                  relay.host(), relay.port(), rule.tls(), relay.user(), relay.password()));
    }
    return direct(domain, rule);
  }

  private Route direct(String domain, DomainRule rule) {
    MxAnswer answer = lookup.of(domain);
    if (answer instanceof MxAnswer.No no) {
      return new Route.None(no.replyCode(), no.text());
    }
    if (answer instanceof MxAnswer.Unknown unknown) {
      return new Route.None(451, "4.4.3 " + unknown.text());
    }
    List<MxAnswer.Host> hosts = ((MxAnswer.Hosts) answer).hosts();
    return new Route.Direct(
        hosts.stream().limit(config.mxAttempts()).map(host -> hop(host, rule)).toList());
  }

  private Hop hop(MxAnswer.Host host, DomainRule rule) {
    MxRule limits = domains.mxRules().ruleFor(host.name());
    TlsMode tls = rule.tls() == null ? limits.tls() : rule.tls();
    return new Hop(
        host.name(),
        host.address(),
        config.mxPort(),
        // A mail exchanger speaks no TLS from the first byte.
        tls == TlsMode.IMPLICIT ? TlsMode.REQUIRED : tls,
        limits);
  }
}
