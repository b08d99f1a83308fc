package dev.retour.erp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.delivery.Callback;
import dev.retour.delivery.DeliveryFixture;
import dev.retour.delivery.QueueAction;
import dev.retour.delivery.QueueOrder;
import dev.retour.mail.EmailAddress;
import dev.retour.support.ErpEndpoint;
import dev.retour.support.Ports;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What could not be told is told again, under the same id and in its order. */
class CallbackRepetitionTest {
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
  void an_erp_that_is_down_for_a_while_is_told_later_under_the_same_id() {
    it.cancelled("anna@example.com");
    it.cancelled("berta@example.com");
    it.cancelled("carla@example.com");
    List<Callback> claimed = it.callbacks.claim();
    claimed.forEach(it.callbacks::tell);
    assertThat(it.states()).containsOnly("waiting");
    assertThat(it.column("failure_text").get(0)).contains("No answer", "Connect");
    assertThat(it.column("attempts - unspent")).as("one was tried").containsExactly("1", "0", "0");
    assertThat(it.callbacks.claim()).as("not before its time").isEmpty();
    assertThat(it.callbacks.state().up()).isFalse();

    for (int i = 0; i < 60; i++) {
      clock.tick(Duration.ofMinutes(1));
      assertThat(it.tellDue()).as("one at a time").isLessThanOrEqualTo(1);
    }
    assertThat(it.states()).containsOnly("waiting");
    ErpEndpoint erp = erp();
    for (int i = 0; i < 120 && it.states().contains("waiting"); i++) {
      clock.tick(Duration.ofMinutes(1));
      it.tellDue();
    }

    assertThat(it.states()).containsOnly("sent");
    assertThat(erp.received()).hasSize(3);
    assertThat(erp.received().stream().map(got -> got.header("webhook-id")))
        .containsExactlyInAnyOrderElementsOf(
            claimed.stream().map(each -> each.fact().id().toString()).toList());
    assertThat(it.callbacks.state().up()).isTrue();
  }

  @Test
  void a_newer_fact_about_a_mail_does_not_overtake_an_older_one() {
    ErpEndpoint erp = erp();
    erp.says(503, "busy");
    long id = it.cancelled("anna@example.com");
    it.tellDue();
    again(id);
    erp.says(204, "");
    clock.tick(Duration.ofSeconds(5));
    assertThat(it.tellDue()).as("the older one waits, so does the newer one").isZero();
    it.cancelled("berta@example.com");
    assertThat(it.tellDue()).as("a fact about another mail does not").isOne();
    clock.tick(Duration.ofMinutes(1));
    assertThat(it.tellDue()).isOne();
    assertThat(it.tellDue()).isOne();

    assertThat(
            erp.received().stream()
                .map(got -> got.text().replaceAll(".*sequence\":(\\d+).*", "$1")))
        .containsExactly("2", "6", "2", "4");
  }

  @Test
  void a_fact_told_again_on_purpose_has_its_old_id_and_nobody_can_send_it_elsewhere() {
    ErpEndpoint erp = erp();
    it.cancelled("anna@example.com");
    it.tellDue();
    var elsewhere =
        it.house
            .module
            .desk()
            .act(
                new QueueOrder(
                    QueueAction.RECIPIENT,
                    "olga",
                    EmailAddress.parse("evil@example.com").orElseThrow()),
                callback());
    assertThat(elsewhere.done()).isFalse();
    act(QueueAction.SEND_AGAIN);
    it.tellDue();

    assertThat(erp.received()).hasSize(2);
    assertThat(erp.received().get(0).header("webhook-id"))
        .isEqualTo(erp.received().get(1).header("webhook-id"));
  }

  @Test
  void what_a_dead_sidecar_was_telling_is_told_again_and_its_late_answer_changes_nothing() {
    ErpEndpoint erp = erp();
    it.cancelled("anna@example.com");
    Callback dead = it.callbacks.claim().get(0);
    CallbackFixture other =
        new CallbackFixture(
            jdbi,
            clock,
            clock,
            Map.of(
                "callback.url", "http://127.0.0.1:" + port + "/retour", "delivery.node", "node-b"));
    open.add(other);
    clock.tick(Duration.ofMinutes(2));
    assertThat(other.house.module.queue().releaseDead()).isOne();
    assertThat(other.tellDue()).isOne();
    assertThat(other.states()).containsExactly("sent");
    erp.says(422, "late");
    it.callbacks.tell(dead);

    assertThat(other.states()).containsExactly("sent");
    assertThat(erp.received()).hasSize(2);
    assertThat(erp.received().get(0).header("webhook-id"))
        .isEqualTo(erp.received().get(1).header("webhook-id"));
  }

  @Test
  void a_fact_that_could_not_be_told_within_its_validity_expires_and_somebody_can_read_why() {
    it.cancelled("anna@example.com");
    for (int i = 0; i < 12; i++) {
      it.tellDue();
      clock.tick(Duration.ofHours(13));
    }

    assertThat(it.states()).containsExactly("expired");
    assertThat(it.column("failure_text").get(0)).contains("No answer");
  }

  /** A second fact about the same mail: sent again, and taken back again. */
  private void again(long id) {
    var desk = it.house.module.desk();
    Long fresh = desk.act(QueueOrder.of(QueueAction.SEND_AGAIN, "olga"), id).created();
    desk.act(QueueOrder.of(QueueAction.CANCEL, "olga"), java.util.Objects.requireNonNull(fresh));
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
