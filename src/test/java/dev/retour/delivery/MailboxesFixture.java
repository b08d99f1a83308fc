package dev.retour.delivery;

import dev.retour.config.Settings;
import dev.retour.domains.Domains;
import dev.retour.domains.DomainsConfig;
import dev.retour.domains.DomainsModule;
import dev.retour.domains.TestRules;
import dev.retour.support.ScriptedRelay;
import dev.retour.support.ScriptedSmtp;
import dev.retour.support.SmtpSink;
import dev.retour.support.TestCertificate;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;

/** Rooms of sidecars over one database, with a sink and a domain whose mail may go another way. */
final class MailboxesFixture implements AutoCloseable {
  private static final TestCertificate certificate = TestCertificate.loopback();

  final Jdbi jdbi = TestDatabase.fresh();
  final TickingClock clock = new TickingClock();
  final SmtpSink sink = new SmtpSink();
  private final Domains domains =
      TestRules.of(
          rules(""), "- {mx: '*', because: test, connections: 2, messages-per-connection: 5}");
  private final List<Closeable> open = new ArrayList<>(List.of(sink::close));

  /** Where mail for partner.example goes from now on, as a line of its rule. */
  void partnerBy(String relay) {
    domains.replace(TestRules.domains(rules(relay)));
  }

  /** Answers as a script says until this is closed. */
  ScriptedRelay relay(ScriptedRelay.Script script) {
    ScriptedRelay relay = new ScriptedRelay(script);
    open.add(relay::close);
    return relay;
  }

  @Override
  public void close() throws IOException {
    for (Closeable each : open) {
      each.close();
    }
  }

  static String rules(String partner) {
    return "- domains: '*'\n  because: test\n  relay: smarthost\n"
        + "  suspension: {window: 1h, messages: 300, errors: 90%, pause: 3h, probes: 5,"
        + " ramp: 1m}\n"
        + (partner.isEmpty()
            ? ""
            : "- domains: partner.example\n  because: test\n  " + partner + "\n");
  }

  static String partnerRule(int port, Path password) {
    return "relay: {host: 127.0.0.1, port: "
        + port
        + ", tls: required, user: shop, password: {file: '"
        + password
        + "'}}";
  }

  /** Takes mail after STARTTLS and a login with the right password. */
  ScriptedSmtp partner(String rightPassword) throws IOException {
    String right =
        Base64.getEncoder()
            .encodeToString(("\0shop\0" + rightPassword).getBytes(StandardCharsets.UTF_8));
    ScriptedSmtp server =
        ScriptedSmtp.secured(
            certificate.server(),
            List.of("AUTH PLAIN"),
            command ->
                command.startsWith("AUTH") && !command.endsWith(right)
                    ? "535 5.7.8 Wrong password\r\n"
                    : command.startsWith("AUTH") ? "235 2.7.0 Welcome\r\n" : null);
    open.add(server::close);
    return server;
  }

  static Map<String, String> login() {
    return Map.of(
        "smtp.user", "shop",
        "smtp.password", "secret-of-the-shop",
        "smtp.password-in-the-clear", "true",
        "smtp.tls", "disabled");
  }

  static ScriptedRelay.Script refusing(String command, String answer) {
    return (connection, given) ->
        (command.isEmpty() ? given.isEmpty() : given.startsWith(command))
            ? answer
            : ScriptedRelay.well(given);
  }

  DeliveryFixture house(String node, int relayPort) {
    return house(node, relayPort, Map.of("smtp.tls", "disabled"));
  }

  DeliveryFixture house(String node, int relayPort, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("delivery.node", node);
    settings.put("smtp.port", DeliveryFixture.port(relayPort));
    settings.put("smtp.tls-authorities", certificate.pem().toString());
    DomainsModule room =
        new DomainsModule(
            DomainsConfig.from(Settings.of(Map.of())),
            domains,
            new DomainsModule.Needs(jdbi, clock, node, DomainsModule.WayOut.RELAY));
    DeliveryFixture house =
        new DeliveryFixture(
            jdbi, clock, clock, DeliveryFixture.shippedRules(), settings, room.traffic());
    open.add(house::close);
    return house;
  }

  List<String> held() {
    return jdbi.withHandle(h -> new HeldStore().keys(h));
  }

  List<String> states(List<Long> ids) {
    return jdbi.withHandle(
        h ->
            h.createQuery("SELECT state FROM work_package WHERE id = ANY(:ids)")
                .bindArray("ids", Long.class, ids)
                .mapTo(String.class)
                .list());
  }

  long count(String condition) {
    return jdbi.withHandle(
        h ->
            h.createQuery("SELECT count(*) FROM work_package WHERE " + condition)
                .mapTo(Long.class)
                .one());
  }
}
