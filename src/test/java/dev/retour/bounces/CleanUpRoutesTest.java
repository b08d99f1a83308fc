package dev.retour.bounces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.config.Settings;
import dev.retour.delivery.DeliveryCleanUp;
import dev.retour.delivery.RetentionConfig;
import dev.retour.events.EventsModule;
import dev.retour.qualification.FailureType;
import dev.retour.qualification.QualificationConfig;
import dev.retour.qualification.QualificationModule;
import dev.retour.qualification.Reason;
import dev.retour.quarantine.AddressFailure;
import dev.retour.quarantine.Cause;
import dev.retour.quarantine.DomainReach;
import dev.retour.quarantine.QuarantineConfig;
import dev.retour.quarantine.QuarantineModule;
import dev.retour.quarantine.StandingListener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.test.junit5.CamelContextConfiguration;
import org.apache.camel.test.main.junit5.CamelMainTestSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The shipped clean-up routes with their shipped failure policy; only the clock is a hand. */
class CleanUpRoutesTest extends CamelMainTestSupport {
  private static final List<String> ROUTES =
      List.of(
          "clean-up-address-errors",
          "clean-up-full-mailboxes",
          "clean-up-valid-addresses",
          "clean-up-outage-guard",
          "clean-up-qualification-table",
          "clean-up-raw-mails",
          "clean-up-bounces",
          "clean-up-mail-contents",
          "clean-up-callbacks",
          "clean-up-events");

  private final BouncesFixture house = new BouncesFixture(Map.of());

  @AfterEach
  void close() {
    house.close();
  }

  @Override
  public void configureContext(CamelContextConfiguration configuration) {
    super.configureContext(configuration);
    Properties properties = new Properties();
    properties.setProperty("app.clean-up-cron", "0 0 4 * * ?");
    Settings defaults = Settings.of(Map.of());
    configuration
        .withUseOverridePropertiesWithPropertiesComponent(properties)
        .withRegistryBinder(
            registry -> {
              QuarantineModule.bind(
                  registry,
                  QuarantineConfig.from(defaults),
                  new QuarantineModule.Needs(
                      house.jdbi, house.clock, DomainReach.UNKNOWN, StandingListener.NOBODY));
              QualificationModule.bindTable(
                  registry, house.jdbi, house.clock, QualificationConfig.from(defaults));
              house.bounces.bind(registry);
              DeliveryCleanUp packages =
                  new DeliveryCleanUp(house.jdbi, house.clock, RetentionConfig.from(defaults));
              registry.bind("deliveryCleanUp", packages);
              EventsModule.bindCleanUp(registry, house.jdbi, packages);
            });
    ROUTES.forEach(id -> configuration.replaceRouteFromWith(id, "direct:" + id));
  }

  @Override
  protected void configure(MainConfigurationProperties configuration) {
    configuration.setRoutesIncludePattern(
        "file:routes/failure-policies.camel.yaml,file:routes/clean-up/*.camel.yaml");
    configuration.setJmxEnabled(false);
  }

  @Test
  void at_four_a_mailbox_that_was_full_a_month_ago_is_tried_again() {
    for (int error = 0; error < 5; error++) {
      failFull();
      house.clock.tick(Duration.ofDays(1));
    }
    assertThat(house.addresses.gate("full@example.com").isOpen()).isFalse();

    house.clock.tick(Duration.ofDays(31));
    fourOClock();

    assertThat(house.addresses.gate("full@example.com").isOpen()).isTrue();
    assertThat(house.addresses.history("full@example.com", 1).get(0).cause()).isEqualTo("clean-up");
    assertThat(house.count("address")).isZero();
  }

  @Test
  void every_task_runs_although_the_others_fail() {
    failFull();
    house.jdbi.useHandle(h -> h.execute("ALTER TABLE bounce RENAME TO away"));
    house.jdbi.useHandle(h -> h.execute("ALTER TABLE qualification RENAME TO gone"));
    house.clock.tick(Duration.ofDays(11));

    for (int at = ROUTES.size() - 1; at >= 0; at--) {
      template().sendBody("direct:" + ROUTES.get(at), null);
    }

    assertThat(house.addresses.history("full@example.com", 1).get(0).cause()).isEqualTo("clean-up");
    assertThat(ROUTES)
        .allSatisfy(
            id ->
                assertThat(context().getRouteController().getRouteStatus(id).isStarted()).isTrue());
  }

  private void fourOClock() {
    ROUTES.forEach(id -> template().sendBody("direct:" + id, null));
    template().sendBody("direct:clean-up-valid-addresses", null);
  }

  private void failFull() {
    house.jdbi.useTransaction(
        handle ->
            house.addresses.apply(
                handle,
                new AddressFailure(
                    "full@example.com",
                    FailureType.SOFT,
                    Reason.MAILBOX_FULL,
                    "452 4.2.2 full",
                    "full",
                    Cause.SMTP_REPLY,
                    "attempt-1")));
  }
}
