package dev.retour.erp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.delivery.DeliveryFixture;
import dev.retour.delivery.QueueAction;
import dev.retour.delivery.QueueOrder;
import dev.retour.support.ErpEndpoint;
import dev.retour.support.Ports;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an ERP may answer, or not, and what becomes of the fact then. */
class CallbackAnswersTest {
  private final Jdbi jdbi = TestDatabase.fresh();
  private final TickingClock clock = new TickingClock();
  private final int port = Ports.free();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final CallbackFixture it = fixture("http://127.0.0.1:" + port + "/retour");

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  @Test
  void what_the_erp_refuses_waits_for_a_person_and_is_told_again_when_its_error_is_cleared() {
    ErpEndpoint erp = erp();
    erp.says(422, "no such\ndocument\u202E\u001b[31m\0");
    it.cancelled("anna@example.com");
    it.tellDue();
    assertThat(it.states()).containsExactly("error");
    assertThat(it.column("failure_text").get(0))
        .isEqualTo("The ERP refused it, HTTP 422: no such document  [31m");
    assertThat(it.callbacks.state().up()).isTrue();

    erp.says(200, "ok");
    act(QueueAction.CLEAR_ERROR);
    it.tellDue();

    assertThat(it.states()).containsExactly("sent");
    assertThat(erp.received().get(0).header("webhook-id"))
        .isEqualTo(erp.received().get(1).header("webhook-id"));
    assertThat(erp.received().get(0).body()).isEqualTo(erp.received().get(1).body());
    assertThat(it.house.module.desk().show(callback()).orElseThrow().attempts())
        .extracting("phase")
        .containsExactly("refused", "accepted");
  }

  @Test
  void gone_means_that_the_erp_does_not_want_to_know() {
    erp().says(410, "Gone");
    it.cancelled("anna@example.com");
    it.tellDue();

    assertThat(it.states()).containsExactly("cancelled");
    assertThat(it.column("failure_text").get(0)).contains("does not want to know", "HTTP 410");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 408, 425, 429, 500, 503, 599})
  void anything_else_waits(int status) {
    ErpEndpoint erp = erp();
    ErpEndpoint elsewhere = new ErpEndpoint();
    open.add(elsewhere);
    erp.says(
        (got, exchange) -> {
          exchange.getResponseHeaders().set("Location", elsewhere.url());
          exchange.sendResponseHeaders(status, -1);
        });
    it.cancelled("anna@example.com");
    it.tellDue();

    assertThat(it.states()).containsExactly("waiting");
    assertThat(elsewhere.received()).as("no redirect is followed").isEmpty();
  }

  @Test
  void a_pause_the_erp_asks_for_is_kept_within_bounds() {
    assertThat(pausedFor("90")).isEqualTo(Duration.ofSeconds(90));
    assertThat(pausedFor("999999999")).isEqualTo(Duration.ofHours(1));
    assertThat(pausedFor("Sun, 29 Mar 2026 00:05:00 GMT"))
        .isBetween(Duration.ofMinutes(5), Duration.ofMinutes(6));
    assertThat(pausedFor("-5")).isLessThan(Duration.ofMinutes(1));
    assertThat(pausedFor("whenever" + "x".repeat(100))).isLessThan(Duration.ofMinutes(1));
  }

  private Duration pausedFor(String retryAfter) {
    TickingClock time = new TickingClock();
    Jdbi fresh = TestDatabase.fresh();
    ErpEndpoint erp = new ErpEndpoint();
    open.add(erp);
    CallbackFixture other =
        new CallbackFixture(fresh, time, time, Map.of("callback.url", erp.url()));
    open.add(other);
    erp.says(
        (got, exchange) -> {
          exchange.getResponseHeaders().set("Retry-After", retryAfter);
          exchange.sendResponseHeaders(429, -1);
        });
    other.cancelled("anna@example.com");
    other.tellDue();
    Instant due =
        fresh.withHandle(
            handle ->
                handle
                    .createQuery("SELECT due_at FROM work_package WHERE processor = 'callback'")
                    .mapTo(Instant.class)
                    .one());
    return Duration.between(time.instant(), due);
  }

  private void act(QueueAction action) {
    assertThat(it.house.module.desk().act(QueueOrder.of(action, "olga"), callback()).done())
        .isTrue();
  }

  private long callback() {
    return Long.parseLong(it.column("id").get(0));
  }

  private ErpEndpoint erp() {
    ErpEndpoint erp = new ErpEndpoint(port);
    open.add(erp);
    return erp;
  }

  private CallbackFixture fixture(String url) {
    CallbackFixture fixture =
        new CallbackFixture(
            jdbi,
            clock,
            clock,
            Map.of("callback.url", url, "smtp.port", DeliveryFixture.port(port)));
    open.add(fixture);
    return fixture;
  }
}
