package dev.retour.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.config.Settings;
import dev.retour.console.ComponentState;
import dev.retour.console.ComponentState.Status;
import dev.retour.console.Phrase;
import dev.retour.delivery.DeliveryFixture;
import dev.retour.delivery.Sender;
import dev.retour.support.ScriptedRelay;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.support.SimpleRegistry;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What health and console say about paused mailboxes, that of the settings and those of rules. */
class MailboxHealthTest {
  private final Jdbi jdbi = TestDatabase.fresh();
  private final TickingClock clock = new TickingClock();

  @Test
  void red_names_the_mailbox_the_fault_and_how_many_mails_wait(@TempDir Path folder)
      throws IOException {
    try (ScriptedRelay ours = new ScriptedRelay(closed("421 4.3.2 Ours is closed"));
        ScriptedRelay partner = new ScriptedRelay(closed("421 4.3.2 Theirs is closed"))) {
      Map<String, String> texts = new HashMap<>();
      texts.put("smtp.port", DeliveryFixture.port(ours.port()));
      texts.put("smtp.tls", "disabled");
      texts.put("domains.rules", rules(folder, partner.port()).toString());
      DomainsPart domains = DomainsPart.load(Settings.of(texts), false);
      SimpleRegistry beans = new SimpleRegistry();
      try (DeliveryFixture house =
          new DeliveryFixture(
              jdbi,
              clock,
              clock,
              DeliveryFixture.shippedRules(),
              texts,
              domains.start(beans, jdbi, clock, "node-a"))) {
        house.module.bind(beans);
        Sender sender = beans.lookupByNameAndType("deliverySender", Sender.class);
        sender.probe();
        house.enqueue(3, "partner.example");
        house.enqueue("anna@other.example");
        house.sendDue();

        Supplier<ComponentState> other = domains.state(jdbi, clock, house.module);
        assertThat(other.get().status()).isEqualTo(Status.DOWN);
        assertThat(other.get().sentence().english())
            .contains(
                "Mailbox 127.0.0.1:" + partner.port(),
                "421 4.3.2 Theirs is closed",
                "3 mails wait");
        Supplier<ComponentState> settings =
            new RelayProbe(
                Phrase.of("part.smtp.none"), house.module.relay(), house.module.queue(), clock);
        assertThat(settings.get().status()).isEqualTo(Status.DOWN);
        assertThat(settings.get().sentence().english())
            .contains("mailbox default is paused", "421 4.3.2 Ours is closed", "1 mail waits");

        partner.says((n, command) -> ScriptedRelay.well(command));
        clock.tick(Duration.ofMinutes(1));
        sender.probe();
        house.sendDue();
        assertThat(other.get().status()).isEqualTo(Status.UP);
        assertThat(settings.get().status()).isEqualTo(Status.DOWN);
        assertThat(partner.bodies()).hasSize(3);
      }
    }
  }

  private static Path rules(Path folder, int port) throws IOException {
    return Files.writeString(
        folder.resolve("domains.rules.yaml"),
        """
        - domains: "*"
          because: test
          relay: smarthost
          suspension: {window: 1h, messages: 300, errors: 90%%, pause: 3h, probes: 5, ramp: 1m}
        - domains: partner.example
          because: test
          relay: {host: 127.0.0.1, port: %d, tls: disabled}
        """
            .formatted(port));
  }

  private static ScriptedRelay.Script closed(String greeting) {
    return (n, command) -> command.isEmpty() ? greeting : ScriptedRelay.well(command);
  }
}
