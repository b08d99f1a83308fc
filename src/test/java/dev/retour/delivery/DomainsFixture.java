package dev.retour.delivery;

import dev.retour.config.Settings;
import dev.retour.domains.Domains;
import dev.retour.domains.DomainsConfig;
import dev.retour.domains.DomainsModule;
import dev.retour.domains.TestRules;
import dev.retour.support.SmtpSink;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import dev.retour.support.TinyDns;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;

/**
 * Rules of domains from the queue to a real SMTP server: a real PostgreSQL, a name server and sinks
 * on loopback, one step at a time.
 */
final class DomainsFixture implements AutoCloseable {
  private static final String MX_RULES =
      """
      - mx: "narrow.*"
        because: test
        connections: 3
        messages-per-connection: 4
        messages-per-hour: 120
      - mx: "*"
        because: test
        connections: 3
        messages-per-connection: 4
        timeouts: {connect: 2s, answer: 5s, data: 5s}
      """;
  private static final int SUBMISSION = 25;

  final Jdbi jdbi = TestDatabase.fresh();
  final TickingClock clock = new TickingClock();
  final TinyDns dns = new TinyDns();
  final SmtpSink sink = new SmtpSink();
  final Domains domains = TestRules.of(general("smarthost"), MX_RULES);
  private final List<DeliveryFixture> houses = new ArrayList<>();
  private DomainsModule room = room(SUBMISSION, DomainsModule.WayOut.RELAY);

  /** The room of the rules as it is now. */
  DomainsModule room() {
    return room;
  }

  /**
   * Mails go to the servers of their domains: whatever their addresses, to the port of the sink.
   */
  void direct() {
    domains.replace(TestRules.domains(general("direct")));
    room = room(sink.port(), DomainsModule.WayOut.RELAY);
  }

  /** The rules want the same, but this is the sandbox. */
  void sandbox() {
    domains.replace(TestRules.domains(general("direct")));
    room = room(SUBMISSION, DomainsModule.WayOut.SANDBOX);
  }

  /** The rule of all domains. */
  static String general(String relay) {
    return "- domains: '*'\n  because: test\n  relay: "
        + relay
        + "\n  suspension: {window: 1h, messages: 300, errors: 90%, pause: 3h, probes: 5,"
        + " ramp: 1m}\n";
  }

  /** A room of delivery by the rules; the relay of its settings is at this port. */
  DeliveryFixture house(int relayPort) {
    DeliveryFixture house =
        new DeliveryFixture(
            jdbi,
            clock,
            clock,
            DeliveryFixture.shippedRules(),
            Map.of("smtp.port", DeliveryFixture.port(relayPort), "quarantine.outage-hits", "10000"),
            room.traffic());
    houses.add(house);
    return house;
  }

  List<String> states(Long... ids) {
    return states(List.of(ids));
  }

  List<String> states(List<Long> ids) {
    return ids.stream()
        .map(
            id ->
                jdbi.withHandle(
                    h ->
                        h.createQuery("SELECT state FROM work_package WHERE id = :id")
                            .bind("id", id)
                            .mapTo(String.class)
                            .one()))
        .toList();
  }

  /** Of a column, over all packages. */
  long sum(String column) {
    return jdbi.withHandle(
        h -> h.createQuery("SELECT sum(" + column + ") FROM work_package").mapTo(Long.class).one());
  }

  @Override
  public void close() {
    DeliveryFixture.assertOpenPackagesAgree(jdbi);
    houses.forEach(DeliveryFixture::close);
    dns.close();
    sink.close();
  }

  private DomainsModule room(int mxPort, DomainsModule.WayOut wayOut) {
    Map<String, String> texts = new HashMap<>();
    texts.put("domains.dns-servers", dns.address());
    texts.put("domains.dns-timeout", "1s");
    texts.put("domains.mx-port", Integer.toString(mxPort));
    texts.put("domains.local-addresses", "true");
    return new DomainsModule(
        DomainsConfig.from(Settings.of(texts)),
        domains,
        new DomainsModule.Needs(jdbi, clock, "node-a", wayOut));
  }
}
