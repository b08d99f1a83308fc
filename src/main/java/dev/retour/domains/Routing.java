package dev.retour.domains;

import dev.retour.domains.DomainsModule.WayOut;
import java.util.List;
import java.util.Optional;

/** Finds the way of a domain's mail by the rules in force and, for direct delivery, the DNS. */
final class Routing {
  private static final Route SMARTHOST = new Route.Smarthost(null);
  private static final Optional<Route> OVER_OURS = Optional.of(SMARTHOST);

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

  /** The way over a mailbox, as the rule says; nothing when it is direct. Costs nothing. */
  Optional<Route> mailbox(String domain) {
    return wayOut == WayOut.SANDBOX ? OVER_OURS : mailbox(domains.rules().ruleFor(domain));
  }

  /** All of them. */
  List<Route> mailboxes() {
    return wayOut == WayOut.SANDBOX
        ? List.of(SMARTHOST)
        : domains.rules().rules().stream()
            .flatMap(rule -> mailbox(rule).stream())
            .distinct()
            .toList();
  }

  Route route(String domain) {
    if (wayOut == WayOut.SANDBOX) {
      return SMARTHOST;
    }
    DomainRule rule = domains.rules().ruleFor(domain);
    return mailbox(rule).orElseGet(() -> direct(domain, rule));
  }

  private Optional<Route> mailbox(DomainRule rule) {
    if (rule.via() instanceof Via.Smarthost && wayOut == WayOut.RELAY) {
      return rule.tls() == null ? OVER_OURS : Optional.of(new Route.Smarthost(rule.tls()));
    }
    return rule.via() instanceof Via.Relay relay
        ? Optional.of(
            new Route.Relayed(
                rule.tls() == null
                    ? relay
                    : new Via.Relay(
                        relay.host(), relay.port(), rule.tls(), relay.user(), relay.password())))
        : Optional.empty();
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
