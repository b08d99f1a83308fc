package dev.retour.domains;

import dev.retour.config.ConfigException;
import dev.retour.config.Setting;
import dev.retour.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Where the rules of this room are, and how the DNS is asked for direct delivery.
 *
 * @param dnsServers {@code host} or {@code host:port}; empty: the servers of the system
 * @param mxAttempts the most addresses tried for one mail
 * @param localAddresses whether direct delivery may connect to this machine and private networks
 * @param lease how long the connections of a sidecar that died stay counted
 */
public record DomainsConfig(
    Path domainRules,
    Path mxRules,
    List<String> dnsServers,
    Duration dnsTimeout,
    int dnsCache,
    int mxPort,
    int mxAttempts,
    boolean localAddresses,
    Duration lease) {

  public static final Setting<Path> DOMAIN_RULES =
      Setting.path(
          "domains.rules",
          "rules/domains.rules.yaml",
          "File of the domain rules: suspension, relay, TLS, signing.");
  public static final Setting<Path> MX_RULES =
      Setting.path(
          "domains.mx-rules",
          "rules/mx.rules.yaml",
          "File of the MX rules: the limits of direct delivery.");
  public static final Setting<String> DNS_SERVERS =
      Setting.text(
          "domains.dns-servers",
          "",
          "DNS servers asked for mail exchangers, host or host:port, separated by commas. Empty:"
              + " those of the system.");
  public static final Setting<Duration> DNS_TIMEOUT =
      Setting.duration("domains.dns-timeout", "5s", "Time to wait for an answer of the DNS.");
  public static final Setting<Integer> DNS_CACHE =
      Setting.number(
          "domains.dns-cache", 20_000, 100, 1_000_000, "answers", "DNS answers kept, by TTL.");
  public static final Setting<Integer> MX_PORT =
      Setting.port("domains.mx-port", 25, "Port of mail exchangers; another one only for tests.");
  public static final Setting<Integer> MX_ATTEMPTS =
      Setting.number(
          "domains.mx-attempts",
          5,
          1,
          50,
          "addresses",
          "Addresses of mail exchangers tried for one mail when connections fail.");
  public static final Setting<Boolean> LOCAL_ADDRESSES =
      Setting.flag(
          "domains.local-addresses",
          false,
          "Whether direct delivery may connect to loopback, link-local and private addresses. Off:"
              + " whoever owns a domain decides where its MX points.");
  public static final Setting<Duration> LEASE =
      Setting.duration(
          "domains.lease",
          "30s",
          "How long the connections of a sidecar that died stay counted against the limits.");
  public static final List<Setting<?>> SETTINGS =
      List.of(
          DOMAIN_RULES,
          MX_RULES,
          DNS_SERVERS,
          DNS_TIMEOUT,
          DNS_CACHE,
          MX_PORT,
          MX_ATTEMPTS,
          LOCAL_ADDRESSES,
          LEASE);

  /** Checks the combination of values. */
  public DomainsConfig {
    dnsServers = List.copyOf(dnsServers);
    for (String server : dnsServers) {
      if (!server.matches("[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?")) {
        throw new ConfigException(DNS_SERVERS.key(), server, "must be host or host:port");
      }
    }
    if (dnsTimeout.isZero()) {
      throw new ConfigException(DNS_TIMEOUT.key(), dnsTimeout, "must be more than 0s");
    }
    if (lease.compareTo(Duration.ofSeconds(5)) < 0) {
      throw new ConfigException(LEASE.key(), lease, "must be at least 5s");
    }
  }

  public static DomainsConfig from(Settings settings) {
    String servers = settings.get(DNS_SERVERS);
    return new DomainsConfig(
        settings.get(DOMAIN_RULES),
        settings.get(MX_RULES),
        servers.isEmpty() ? List.of() : List.of(servers.split("\\s*,\\s*", -1)),
        settings.get(DNS_TIMEOUT),
        settings.get(DNS_CACHE),
        settings.get(MX_PORT),
        settings.get(MX_ATTEMPTS),
        settings.get(LOCAL_ADDRESSES),
        settings.get(LEASE));
  }
}
