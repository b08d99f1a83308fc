package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.config.Settings;
import dev.retour.domains.Domains;
import dev.retour.domains.DomainsConfig;
import dev.retour.domains.DomainsModule;
import dev.retour.domains.TestRules;
import dev.retour.mail.EmailAddress;
import dev.retour.support.ScriptedRelay;
import dev.retour.support.ScriptedSmtp;
import dev.retour.support.SmtpSink;
import dev.retour.support.TestCertificate;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A paused mailbox keeps only its own mails waiting, whichever of several it is (spec A8). */
class TwoMailboxesTest {
  private static final String PAUSED = "mailbox-paused";
  private static TestCertificate certificate;

  private final Jdbi jdbi = TestDatabase.fresh();
  private final TickingClock clock = new TickingClock();
  private final SmtpSink sink = new SmtpSink();
  private final Domains domains =
      TestRules.of(
          rules(""), "- {mx: '*', because: test, connections: 2, messages-per-connection: 5}");
  private final List<AutoCloseable> open = new ArrayList<>(List.of(sink));
  @TempDir private Path folder;

  @BeforeAll
  static void certificate(@TempDir Path folder) {
    certificate = TestCertificate.of(folder, "ip:127.0.0.1");
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  @Test
  void two_thousand_mails_of_a_wrong_password_hold_up_no_other_and_go_out_once_it_is_repaired()
      throws Exception {
    Path password = Files.writeString(folder.resolve("password"), "wrong");
    ScriptedSmtp partner = partner("right");
    domains.replace(TestRules.domains(rules(partnerRule(partner.port(), password))));
    DeliveryFixture house = house("node-a", sink.port());
    List<Long> behind = house.enqueue(2_000, "partner.example");
    List<Long> others = house.enqueue(10, "other.example");

    house.sendDue();
    house.sendDue();

    assertThat(states(others)).containsOnly("sent");
    for (int turn = 0; turn < 4; turn++) {
      assertThat(house.sendDue()).as("nothing is claimed for it any more").isZero();
    }
    assertThat(count("state = 'waiting' AND failure_rule = '" + PAUSED + "'")).isEqualTo(2_000);
    assertThat(count("attempts > unspent AND state = 'waiting'")).isZero();
    assertThat(count("attempts > 0 AND state = 'waiting'"))
        .as("only what was in hand was tried")
        .isLessThanOrEqualTo(200);
    assertThat(house.column(behind.get(1_999), "failure_text"))
        .contains("The mailbox 127.0.0.1:" + partner.port() + ", user shop is paused", "535 5.7.8");
    assertThat(house.module.relay().state().up()).isTrue();
    RelayMonitor mailbox = house.module.domainRelays().get(0);
    assertThat(mailbox.mailbox()).isEqualTo("127.0.0.1:" + partner.port() + ", user shop");
    assertThat(mailbox.state().up()).isFalse();
    assertThat(house.module.queue().waitingFor(mailbox, 10_000)).isEqualTo(2_000);
    assertThat(house.module.queue().due(10_000)).isEqualTo(2_000);

    int logins = partner.connections();
    house.module.sender().probe();
    assertThat(partner.connections()).as("not before its time").isEqualTo(logins);
    clock.tick(Duration.ofMinutes(1));
    house.module.sender().probe();
    house.module.sender().probe();
    assertThat(partner.connections()).as("one probe, with the password read anew").isLessThan(4);
    assertThat(house.sendDue()).isZero();

    Files.writeString(password, "right");
    clock.tick(Duration.ofMinutes(1));
    house.module.sender().probe();
    assertThat(mailbox.state().up()).isTrue();
    while (house.sendDue() > 0) {}
    assertThat(count("state = 'sent'")).isEqualTo(2_010);
    assertThat(partner.bodies()).as("each once").hasSize(2_000);
    assertThat(count("failure_text IS NOT NULL")).isZero();
    assertThat(held()).isEmpty();
  }

  @Test
  void the_mailbox_of_the_settings_holds_up_no_other_either() {
    ScriptedRelay ours = new ScriptedRelay(refusing("AUTH", "535 5.7.8 Wrong password"));
    open.add(ours);
    domains.replace(
        TestRules.domains(
            rules("relay: {host: 127.0.0.1, port: " + sink.port() + ", tls: disabled}")));
    DeliveryFixture house = house("node-a", ours.port(), login());
    List<Long> behind = house.enqueue(1_000, "other.example");
    List<Long> others = house.enqueue(10, "partner.example");
    house.sendDue();
    house.sendDue();
    house.sendDue();
    assertThat(states(others)).containsOnly("sent");
    assertThat(states(behind)).containsOnly("waiting");
    assertThat(house.column(behind.get(999), "failure_text"))
        .startsWith("The mailbox is paused, this mail waits for it: ")
        .contains("535 5.7.8");
    assertThat(count("attempts > unspent AND state = 'waiting'")).isZero();
    assertThat(house.module.relay().state().up()).isFalse();
    assertThat(house.module.domainRelays()).allMatch(each -> each.state().up());

    long later = house.enqueue("late@partner.example");
    house.sendDue();
    assertThat(house.column(later, "state")).as("at full speed").isEqualTo("sent");

    ours.says((n, command) -> ScriptedRelay.well(command));
    clock.tick(Duration.ofSeconds(1));
    house.module.sender().probe();
    while (house.sendDue() > 0) {}
    assertThat(states(behind)).containsOnly("sent");
    assertThat(ours.bodies()).hasSize(1_000);
  }

  @Test
  void however_many_stand_in_front_the_first_turns_pass_them() {
    ScriptedRelay ours = new ScriptedRelay(refusing("AUTH", "535 5.7.8 Wrong password"));
    open.add(ours);
    domains.replace(
        TestRules.domains(
            rules("relay: {host: 127.0.0.1, port: " + sink.port() + ", tls: disabled}")));
    DeliveryFixture house = house("node-a", ours.port(), login());
    house.module.sender().probe();
    assertThat(house.module.relay().state().up()).isFalse();
    jdbi.useTransaction(
        h ->
            new BacklogStore()
                .insert(
                    h,
                    12_000,
                    new byte[1],
                    clock.instant(),
                    clock.instant(),
                    clock.instant().plus(Duration.ofDays(5))));
    List<Long> others = house.enqueue(10, "partner.example");
    assertThat(house.sendDue()).as("in the very first turn").isEqualTo(10);
    assertThat(states(others)).containsOnly("sent");
    assertThat(count("attempts > 0 AND state <> 'sent'")).isZero();
    assertThat(house.module.queue().waitingFor(house.module.relay(), 50_000)).isEqualTo(12_000);
    house.sendDue();
    assertThat(count("state = 'waiting'")).as("they say so page by page").isEqualTo(1_000);
    jdbi.useHandle(h -> h.execute("UPDATE work_package SET state = 'cancelled', due_at = NULL"));
  }

  @Test
  void two_sidecars_judge_for_themselves_and_what_one_holds_the_other_sends() {
    ScriptedRelay mine = new ScriptedRelay(refusing("AUTH", "535 5.7.8 Wrong password"));
    ScriptedRelay theirs = new ScriptedRelay((n, command) -> ScriptedRelay.well(command));
    open.addAll(List.of(mine, theirs));
    DeliveryFixture here = house("node-a", mine.port(), login());
    DeliveryFixture there = house("node-b", theirs.port(), login());
    List<Long> ids = here.enqueue(300, "other.example");
    here.sendDue();
    here.sendDue();
    assertThat(states(ids)).containsOnly("waiting");
    assertThat(here.sendDue()).isZero();

    while (there.sendDue() > 0) {}
    assertThat(states(ids)).containsOnly("sent");
    assertThat(theirs.bodies()).as("each once").hasSize(300);
    assertThat(here.sendDue()).isZero();
  }

  @Test
  void of_two_sidecars_that_both_wait_each_mail_goes_out_once() {
    ScriptedRelay ours = new ScriptedRelay(refusing("AUTH", "535 5.7.8 Wrong password"));
    open.add(ours);
    DeliveryFixture here = house("node-a", ours.port(), login());
    DeliveryFixture there = house("node-b", ours.port(), login());
    List<Long> ids = here.enqueue(600, "other.example");
    for (int turn = 0; turn < 3; turn++) {
      here.sendDue();
      there.sendDue();
    }
    assertThat(states(ids)).containsOnly("waiting");
    assertThat(count("attempts > unspent")).isZero();
    ours.says((n, command) -> ScriptedRelay.well(command));
    clock.tick(Duration.ofMinutes(1));
    here.module.sender().probe();
    there.module.sender().probe();
    while (here.sendDue() + there.sendDue() > 0) {}
    assertThat(states(ids)).containsOnly("sent");
    assertThat(ours.bodies()).hasSize(600);
  }

  @Test
  void a_clock_that_jumps_five_days_expires_what_waits_and_one_of_an_hour_does_not() {
    ScriptedRelay ours = new ScriptedRelay(refusing("AUTH", "535 5.7.8 Wrong password"));
    open.add(ours);
    DeliveryFixture house = house("node-a", ours.port(), login());
    List<Long> ids = house.enqueue(20, "other.example");
    house.sendDue();
    house.sendDue();
    clock.tick(Duration.ofHours(24));
    house.module.sender().probe();
    assertThat(house.sendDue()).isZero();
    assertThat(states(ids)).containsOnly("waiting");
    clock.tick(Duration.ofDays(5));
    house.sendDue();
    assertThat(states(ids)).containsOnly("expired");
    assertThat(house.column(ids.get(0), "failure_text")).contains("535 5.7.8");
    assertThat(held()).isEmpty();
  }

  @Test
  void a_relay_no_rule_names_any_more_pauses_nothing() {
    ScriptedRelay gone = new ScriptedRelay(refusing("", "421 4.3.2 Closed for good"));
    open.add(gone);
    domains.replace(
        TestRules.domains(
            rules("relay: {host: 127.0.0.1, port: " + gone.port() + ", tls: disabled}")));
    DeliveryFixture house = house("node-a", sink.port());
    house.module.sender().probe();
    assertThat(house.module.domainRelays())
        .as("tried before a mail goes there")
        .anyMatch(each -> !each.state().up());
    List<Long> ids = house.enqueue(20, "partner.example");
    assertThat(house.sendDue()).isZero();
    assertThat(count("attempts > 0")).isZero();
    domains.replace(TestRules.domains(rules("relay: smarthost")));
    assertThat(house.sendDue()).isEqualTo(20);
    assertThat(states(ids)).containsOnly("sent");
    assertThat(house.module.domainRelays()).isEmpty();
  }

  @Test
  void another_recipient_goes_another_way() {
    ScriptedRelay ours = new ScriptedRelay(refusing("AUTH", "535 5.7.8 Wrong password"));
    open.add(ours);
    domains.replace(
        TestRules.domains(
            rules("relay: {host: 127.0.0.1, port: " + sink.port() + ", tls: disabled}")));
    DeliveryFixture house = house("node-a", ours.port(), login());
    house.module.sender().probe();
    long id = house.enqueue("anna@other.example");
    assertThat(house.sendDue()).isZero();
    assertThat(house.column(id, "failure_rule")).isEqualTo(PAUSED);
    jdbi.useHandle(
        h ->
            new QueueDeskStore()
                .recipient(
                    h,
                    id,
                    EmailAddress.parse("anna@partner.example").orElseThrow(),
                    clock.instant()));
    assertThat(house.sendDue()).isOne();
    assertThat(house.column(id, "state")).isEqualTo("sent");
  }

  private static String rules(String partner) {
    return "- domains: '*'\n  because: test\n  relay: smarthost\n"
        + "  suspension: {window: 1h, messages: 300, errors: 90%, pause: 3h, probes: 5,"
        + " ramp: 1m}\n"
        + (partner.isEmpty()
            ? ""
            : "- domains: partner.example\n  because: test\n  " + partner + "\n");
  }

  private static String partnerRule(int port, Path password) {
    return "relay: {host: 127.0.0.1, port: "
        + port
        + ", tls: required, user: shop, password: {file: '"
        + password
        + "'}}";
  }

  /** Takes mail after STARTTLS and a login with the right password. */
  private ScriptedSmtp partner(String rightPassword) throws IOException {
    String right =
        Base64.getEncoder()
            .encodeToString(("\0shop\0" + rightPassword).getBytes(StandardCharsets.UTF_8));
    ScriptedSmtp server =
        new ScriptedSmtp(
            session -> {
              session.say("220 partner.test ESMTP\r\n");
              session.hear();
              session.say("250-partner.test\r\n250 STARTTLS\r\n");
              session.hear();
              session.say("220 Go on\r\n");
              session.protect(certificate.server());
              session.converse(
                  List.of("AUTH PLAIN"),
                  command ->
                      command.startsWith("AUTH") && !command.endsWith(right)
                          ? "535 5.7.8 Wrong password\r\n"
                          : command.startsWith("AUTH") ? "235 2.7.0 Welcome\r\n" : null);
            });
    open.add(server);
    return server;
  }

  private static Map<String, String> login() {
    return Map.of(
        "smtp.user", "shop",
        "smtp.password", "secret-of-the-shop",
        "smtp.password-in-the-clear", "true",
        "smtp.tls", "disabled");
  }

  private static ScriptedRelay.Script refusing(String command, String answer) {
    return (connection, given) ->
        (command.isEmpty() ? given.isEmpty() : given.startsWith(command))
            ? answer
            : ScriptedRelay.well(given);
  }

  private DeliveryFixture house(String node, int relayPort) {
    return house(node, relayPort, Map.of("smtp.tls", "disabled"));
  }

  private DeliveryFixture house(String node, int relayPort, Map<String, String> more) {
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
    open.add(house);
    return house;
  }

  private List<String> held() {
    return jdbi.withHandle(h -> new HeldStore().keys(h));
  }

  private List<String> states(List<Long> ids) {
    return jdbi.withHandle(
        h ->
            h.createQuery("SELECT state FROM work_package WHERE id = ANY(:ids)")
                .bindArray("ids", Long.class, ids)
                .mapTo(String.class)
                .list());
  }

  private long count(String condition) {
    return jdbi.withHandle(
        h ->
            h.createQuery("SELECT count(*) FROM work_package WHERE " + condition)
                .mapTo(Long.class)
                .one());
  }
}
