package dev.retour.quarantine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.config.Settings;
import dev.retour.qualification.FailureType;
import dev.retour.qualification.Reason;
import dev.retour.support.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.test.junit5.CamelContextConfiguration;
import org.apache.camel.test.junit5.TestSupport;
import org.apache.camel.test.main.junit5.CamelMainTestSupport;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/** The shipped clean-up route with its shipped failure policy; only the clock is a hand. */
class QuarantineRoutesTest extends CamelMainTestSupport {
  private final Jdbi jdbi = TestDatabase.fresh();
  private Instant now = Instant.parse("2026-03-01T08:00:00Z");

  @Override
  public void configureContext(CamelContextConfiguration configuration) {
    super.configureContext(configuration);
    Properties properties = new Properties();
    properties.setProperty("quarantine.clean-up-cron", "0 0 4 * * ?");
    configuration
        .withUseOverridePropertiesWithPropertiesComponent(properties)
        .withRegistryBinder(
            registry ->
                QuarantineModule.bind(
                    registry, jdbi, () -> now, QuarantineConfig.from(Settings.of(Map.of()))));
    configuration.replaceRouteFromWith("quarantine-clean-up", "direct:four-o-clock");
  }

  @Override
  protected void configure(MainConfigurationProperties configuration) {
    configuration.setRoutesIncludePattern(
        "file:routes/failure-policies.camel.yaml,file:routes/quarantine/*.camel.yaml");
    configuration.setJmxEnabled(false);
  }

  @Test
  void at_four_a_mailbox_that_was_full_a_month_ago_is_tried_again() {
    for (int error = 0; error < 5; error++) {
      failFull();
      now = now.plus(Duration.ofDays(1));
    }
    assertThat(book().gate("full@example.com").isOpen()).isFalse();

    now = now.plus(Duration.ofDays(31));
    template().sendBody("direct:four-o-clock", null);

    assertThat(book().gate("full@example.com").isOpen()).isTrue();
    assertThat(book().history("full@example.com", 1).get(0).cause()).isEqualTo("clean-up");
  }

  @Test
  void a_fault_is_left_to_the_next_turn() {
    jdbi.useHandle(handle -> handle.execute("ALTER TABLE address RENAME TO away"));
    template().sendBody("direct:four-o-clock", null);
    jdbi.useHandle(handle -> handle.execute("ALTER TABLE away RENAME TO address"));

    template().sendBody("direct:four-o-clock", null);

    assertThat(context().getRouteController().getRouteStatus("quarantine-clean-up").isStarted())
        .isTrue();
  }

  private AddressBook book() {
    return TestSupport.assertIsInstanceOf(
        AddressBook.class, context().getRegistry().lookupByName(QuarantineModule.ADDRESS_BOOK));
  }

  private void failFull() {
    jdbi.useTransaction(
        handle ->
            book()
                .apply(
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
