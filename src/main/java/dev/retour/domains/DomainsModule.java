package dev.retour.domains;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.apache.camel.spi.Registry;
import org.jdbi.v3.core.Jdbi;

/** Names the bean of this room: domainTraffic. */
public final class DomainsModule {
  private final CountedTraffic traffic;
  private final Suspensions suspensions;

  /**
   * What the room needs.
   *
   * @param node the name of this sidecar, unique on the database
   * @param wayOut what the settings say about the way out
   */
  public record Needs(Jdbi jdbi, InstantSource clock, String node, WayOut wayOut) {}

  /** What the settings say about the way out, before any rule. */
  public enum WayOut {
    /** To the sandbox, and no rule may lead a mail out of it. */
    SANDBOX,
    /** Over the relay of the settings, unless a rule says otherwise. */
    RELAY,
    /** There is no relay: to the domains' own servers, unless a rule names a relay. */
    DIRECT
  }

  public DomainsModule(DomainsConfig config, Domains domains, Needs needs) {
    this.suspensions = new Suspensions(needs.jdbi(), needs.clock(), domains);
    this.traffic =
        new CountedTraffic(
            needs.clock(),
            domains,
            new Routing(config, domains, new MxLookup(config, needs.clock()), needs.wayOut()),
            suspensions,
            new MxLimits(needs.jdbi(), needs.clock(), needs.node(), config.lease()));
  }

  /**
   * Reads both files of rules.
   *
   * @param env for the passwords the rules name
   * @throws DomainRulesException with every fault
   */
  public static Domains load(DomainsConfig config, Map<String, String> env) {
    return new Domains(rules(config, env), MxRules.load(config.mxRules()));
  }

  /** Reads the domain rules; files they name are below the folder that holds {@code rules/}. */
  public static DomainRules rules(DomainsConfig config, Map<String, String> env) {
    Path folder = config.domainRules().toAbsolutePath().getParent();
    Path home = folder == null ? null : folder.getParent();
    return DomainRules.load(config.domainRules(), home == null ? Path.of("") : home, env);
  }

  /** Makes the bean known to the routes. */
  public void bind(Registry registry) {
    registry.bind("domainTraffic", traffic);
  }

  public CountedTraffic traffic() {
    return traffic;
  }

  public Suspensions suspensions() {
    return suspensions;
  }
}
