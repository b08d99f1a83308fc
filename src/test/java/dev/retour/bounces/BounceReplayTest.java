package dev.retour.bounces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.bounces.BounceReplay.Change;
import dev.retour.bounces.BounceReplay.Effect;
import dev.retour.bounces.BouncesFixture.Sent;
import dev.retour.config.Settings;
import dev.retour.mail.MailConfig;
import dev.retour.mail.ReportReader;
import dev.retour.qualification.QualificationConfig;
import dev.retour.qualification.QualificationTable;
import dev.retour.qualification.Qualifier;
import dev.retour.qualification.RuleSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Edited rules on stored bounces, before they go live. */
class BounceReplayTest {
  private static final Path RULES = Path.of("rules/qualification");
  private static final String UNKNOWN = "550 5.1.1 <x@example.com>: User unknown (backend 7)";
  private static final String GATEWAY = "550 5.7.1 policy 4711";
  private static final String NOT_OURS = "<stranger@elsewhere.example>";

  private static final String EDITED =
      """
      - id: backend-outage
        text: 'backend 7'
        type: soft
        reason: unreachable
        because: The provider had an outage.
        examples: ['550 5.1.1 User unknown (backend 7)']
      - id: gateway
        text: 'policy 4711'
        type: hard
        reason: user-unknown
        because: For the test.
        examples: ['550 5.7.1 policy 4711']
      """;

  @TempDir Path folder;
  private final BouncesFixture house = new BouncesFixture(Map.of());
  private final List<Change> changes = new ArrayList<>();

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void shows_who_would_be_barred_and_who_would_not_have_been() throws Exception {
    receive(house.sent("released@example.com"), "released@example.com", UNKNOWN);
    receive(house.sent("barred@example.com"), "barred@example.com", GATEWAY);
    house.desk().receive("imap", new RawMail(forged(), forged().length));

    BounceReplay.Summary summary = replay(EDITED);

    assertThat(summary.bounces()).isEqualTo(3);
    assertThat(changes)
        .extracting(Change::address, Change::effect)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("released@example.com", Effect.RELEASED),
            org.assertj.core.groups.Tuple.tuple("barred@example.com", Effect.QUARANTINED),
            org.assertj.core.groups.Tuple.tuple("forged@example.com", Effect.NONE));
    assertThat(changes.get(0).after()).isEqualTo("soft/3 backend-outage");
    assertThat(summary.changes().values()).containsExactlyInAnyOrder(2, 1);
    assertThat(house.addresses.gate("barred@example.com").isOpen()).as("nothing done").isTrue();
    assertThat(house.addresses.gate("released@example.com").isOpen()).isFalse();
  }

  @Test
  void what_a_person_classified_goes_before_edited_rules_too() throws Exception {
    receive(house.sent("anna@example.com"), "anna@example.com", UNKNOWN);
    house.jdbi.useHandle(
        h ->
            h.execute(
                "UPDATE qualification SET status = 'keep', decided_by = 'eva', rule_id = NULL"));

    replay(EDITED);

    assertThat(changes)
        .singleElement()
        .extracting(Change::after)
        .asString()
        .startsWith("hard/1 table-");
  }

  @Test
  void the_same_rules_change_nothing() throws Exception {
    receive(house.sent("anna@example.com"), "anna@example.com", UNKNOWN);

    assertThat(replay("").changes()).isEmpty();
    assertThat(changes).isEmpty();
  }

  private BounceReplay.Summary replay(String local) throws IOException {
    try (Stream<Path> files = Files.list(RULES)) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    if (!local.isEmpty()) {
      Files.writeString(folder.resolve("10-local.rules.yaml"), local);
    }
    Settings settings = Settings.of(Map.of());
    BounceAssessor edited =
        new BounceAssessor(
            new ReportReader(MailConfig.from(settings)),
            new Qualifier(RuleSet.load(folder), QualificationConfig.from(settings)));
    return new BounceReplay(house.jdbi, edited, new QualificationTable(house.clock))
        .run(changes::add);
  }

  private static byte[] forged() {
    return Returned.report(
        "bounce@shop.example", "forged@example.com", "failed", UNKNOWN, NOT_OURS);
  }

  private void receive(Sent sent, String address, String said) {
    byte[] raw = Returned.report(sent.returnPath(), address, "failed", said, NOT_OURS);
    house.desk().receive("imap", new RawMail(raw, raw.length));
  }
}
