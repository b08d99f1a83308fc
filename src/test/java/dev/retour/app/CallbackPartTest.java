package dev.retour.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.delivery.DeliveryFixture;
import dev.retour.delivery.QueueAction;
import dev.retour.delivery.QueueOrder;
import dev.retour.erp.Callbacks;
import dev.retour.support.Await;
import dev.retour.support.ErpEndpoint;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.support.SimpleRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Telling the ERP, wired as in the engine. */
class CallbackPartTest {
  private static final String OLD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String NEW = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDazfgh7V1sBw=";

  @Test
  void a_secret_put_beside_the_old_one_signs_without_a_restart(@TempDir Path dir) throws Exception {
    TickingClock clock = new TickingClock();
    try (ErpEndpoint erp = new ErpEndpoint();
        Reloader reloader = new Reloader(clock)) {
      Path file = dir.resolve("application.properties");
      Files.writeString(file, "callback.url=" + erp.url() + "\ncallback.secrets=" + OLD + "\n");
      SettingsSource source = SettingsSource.read(file, Map.of(), Map.of());
      try (DeliveryFixture house =
          new DeliveryFixture(
              TestDatabase.fresh(),
              clock,
              clock,
              DeliveryFixture.shippedRules(),
              Map.of("callback.url", erp.url()))) {
        SimpleRegistry beans = new SimpleRegistry();
        CallbackPart.bind(beans, source, house.module.callbacks(), clock, reloader);
        reloader.start(Duration.ofMillis(20));
        assertThat(signatures(beans, house, erp)).isOne();

        Files.writeString(
            file, "callback.url=" + erp.url() + "\ncallback.secrets=" + NEW + " " + OLD + "\n");
        Await.until("both to sign", () -> signatures(beans, house, erp) == 2);

        Files.writeString(file, "callback.secrets=nonsense\n");
        Await.until("the fault", () -> reloader.refused("callback secrets").isPresent());
        assertThat(reloader.refused().toString()).contains("***").doesNotContain("nonsense");
        assertThat(signatures(beans, house, erp)).as("the known ones sign on").isEqualTo(2);
      }
    }
  }

  /** How many signatures the next fact comes with. */
  private static int signatures(SimpleRegistry beans, DeliveryFixture house, ErpEndpoint erp) {
    long id = house.enqueue("anna@example.com");
    house.module.desk().act(QueueOrder.of(QueueAction.CANCEL, "olga"), id);
    Callbacks callbacks = beans.lookupByNameAndType("erpCallbacks", Callbacks.class);
    callbacks.claim().forEach(callbacks::tell);
    return erp.received()
        .get(erp.received().size() - 1)
        .header("webhook-signature")
        .split(" ", -1)
        .length;
  }
}
