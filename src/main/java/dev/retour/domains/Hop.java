package dev.retour.domains;

import java.net.InetAddress;

/**
 * One address a mail can be handed to directly.
 *
 * @param host the name of the mail exchanger, for TLS and limits
 * @param tls how to protect the connection
 * @param rule the limits and time-outs
 */
public record Hop(String host, InetAddress address, int port, TlsMode tls, MxRule rule) {
  /** The name its limits are counted under, over all sidecars. */
  String countedAs() {
    return rule.countedAs(host);
  }
}
