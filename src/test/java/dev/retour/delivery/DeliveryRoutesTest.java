package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.support.ScriptedRelay;
import dev.retour.support.TestDatabase;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.camel.main.Main;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The shipped delivery routes with their shipped failure policies, over a real SMTP connection. */
class DeliveryRoutesTest {
  private static final long WAIT_SECONDS = 30;

  private final Jdbi jdbi = TestDatabase.fresh();
  private final ScriptedRelay relay =
      new ScriptedRelay((n, command) -> ScriptedRelay.well(command));
  private final DeliveryFixture house =
      new DeliveryFixture(
          jdbi,
          InstantSource.system(),
          InstantSource.system(),
          DeliveryFixture.shippedRules(),
          Map.of("smtp.port", DeliveryFixture.port(relay.port()), "smtp.tls", "disabled"));

  private final Main main = ShippedRoutes.over(house, relay.port(), 4, 50, Map.of());

  @BeforeEach
  void start() {
    main.start();
  }

  @AfterEach
  void close() {
    main.stop();
    house.close();
    relay.close();
  }

  @Test
  void a_connection_cut_before_the_body_is_tried_again_within_seconds_by_the_same_attempt() {
    int before = connectionsOfTheProbe();
    relay.says(
        (connection, command) ->
            connection <= before + 2 && command.startsWith("MAIL")
                ? ScriptedRelay.CUT
                : ScriptedRelay.well(command));
    long id = house.enqueue("anna@example.com");

    await(() -> house.column(id, "state").equals("sent"));

    assertThat(relay.bodies()).hasSize(1);
    assertThat(house.column(id, "attempts")).isEqualTo("1");
    assertThat(relay.connections()).isGreaterThanOrEqualTo(before + 3);
  }

  @Test
  void a_connection_cut_each_time_ends_in_the_retry_queue_after_a_few_tries() {
    relay.says(
        (connection, command) ->
            command.startsWith("RCPT") ? ScriptedRelay.CUT : ScriptedRelay.well(command));
    long id = house.enqueue("anna@example.com");

    await(() -> house.column(id, "state").equals("waiting"));

    assertThat(house.column(id, "attempts")).isEqualTo("1");
    assertThat(QueuedMail.find(jdbi, id).orElseThrow().dueAt())
        .isAfter(Instant.now().plusSeconds(3_000));
    assertThat(relay.bodies()).isEmpty();
  }

  @Test
  void once_the_relay_agreed_to_take_the_body_nothing_is_tried_again_in_memory() {
    relay.says(
        (connection, command) ->
            command.equals(".") ? ScriptedRelay.CUT : ScriptedRelay.well(command));
    long id = house.enqueue("anna@example.com");

    await(() -> house.column(id, "state").equals("uncertain"));

    assertThat(relay.bodies()).hasSize(1);
  }

  @Test
  void a_refusal_is_not_tried_again_in_memory() {
    int before = connectionsOfTheProbe();
    relay.says(
        (connection, command) ->
            command.startsWith("RCPT") ? "451 4.7.1 Greylisted" : ScriptedRelay.well(command));
    long id = house.enqueue("anna@example.com");

    await(() -> house.column(id, "state").equals("waiting"));

    assertThat(relay.connections()).isEqualTo(before + 1);
    assertThat(QueuedMail.find(jdbi, id).orElseThrow().spent()).isOne();
  }

  @Test
  void a_paused_mailbox_is_probed_by_its_route_and_mails_go_out_by_themselves() {
    relay.says(
        (connection, command) ->
            command.isEmpty() ? "421 4.3.2 Not now" : ScriptedRelay.well(command));
    long id = house.enqueue("anna@example.com");
    await(() -> !house.module.relay().state().up());
    relay.says((connection, command) -> ScriptedRelay.well(command));

    await(() -> house.column(id, "state").equals("sent"));

    assertThat(house.module.relay().state().up()).isTrue();
    assertThat(relay.bodies()).hasSize(1);
  }

  /** A new relay is tried once without a mail. */
  private int connectionsOfTheProbe() {
    await(() -> house.module.relay().state().since() != null);
    assertThat(relay.bodies()).isEmpty();
    return relay.connections();
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited too long").isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }
}
