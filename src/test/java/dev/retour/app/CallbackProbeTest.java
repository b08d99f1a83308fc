package dev.retour.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.config.Settings;
import dev.retour.console.ComponentState.Status;
import dev.retour.delivery.DeliveryFixture;
import dev.retour.delivery.QueueAction;
import dev.retour.delivery.QueueOrder;
import dev.retour.erp.CallbackConfig;
import dev.retour.erp.Callbacks;
import dev.retour.erp.ErpModule;
import dev.retour.erp.RotatingSecrets;
import dev.retour.support.ErpEndpoint;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.support.SimpleRegistry;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/** What health and console say about the ERP's endpoint. */
class CallbackProbeTest {
  private final Jdbi jdbi = TestDatabase.fresh();
  private final TickingClock clock = new TickingClock();

  @Test
  void an_endpoint_that_is_away_is_red_after_a_while_and_green_again_by_itself() {
    try (ErpEndpoint erp = new ErpEndpoint()) {
      erp.says(503, "maintenance");
      Map<String, String> texts =
          Map.of(
              "callback.url",
              erp.url(),
              "callback.secrets",
              "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
      try (DeliveryFixture house =
          new DeliveryFixture(jdbi, clock, clock, DeliveryFixture.shippedRules(), texts)) {
        CallbackConfig config = CallbackConfig.from(Settings.of(texts));
        Callbacks callbacks =
            ErpModule.bindCallbacks(new SimpleRegistry(), config, telling(house, config));
        CallbackProbe probe = new CallbackProbe(config, callbacks, clock);
        assertThat(probe.get().sentence().english()).isEqualTo("Not tried yet.");
        long id = house.enqueue("anna@example.com");
        house.module.desk().act(QueueOrder.of(QueueAction.CANCEL, "olga"), id);
        callbacks.claim().forEach(callbacks::tell);

        assertThat(probe.get().status()).isEqualTo(Status.UP);
        assertThat(probe.get().sentence().english())
            .contains("HTTP 503: maintenance", "1 fact waits.");
        clock.tick(Duration.ofMinutes(1));
        assertThat(probe.get().status()).isEqualTo(Status.DOWN);
        assertThat(probe.get().name().english()).doesNotContain("key=1");

        erp.says(204, "");
        callbacks.claim().forEach(callbacks::tell);
        assertThat(probe.get().status()).isEqualTo(Status.UP);
        assertThat(probe.get().sentence().english()).isEqualTo("Takes callbacks.");
      }
    }
  }

  @Test
  void without_an_endpoint_it_is_off() {
    CallbackConfig config = CallbackConfig.from(Settings.of(Map.of()));
    try (DeliveryFixture house =
        new DeliveryFixture(jdbi, clock, clock, DeliveryFixture.shippedRules(), Map.of())) {
      Callbacks callbacks =
          ErpModule.bindCallbacks(new SimpleRegistry(), config, telling(house, config));
      assertThat(new CallbackProbe(config, callbacks, clock).get().status()).isEqualTo(Status.OFF);
    }
  }

  private ErpModule.Telling telling(DeliveryFixture house, CallbackConfig config) {
    return new ErpModule.Telling(
        house.module.callbacks(),
        clock,
        clock,
        new RotatingSecrets(config.secrets(), config::secrets));
  }
}
