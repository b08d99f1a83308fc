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
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an ERP may answer, or not, and what becomes of the fact then. */
class CallbackAnswersTest {
  private static final long ENDS_WITHIN_SECONDS = 12;

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
    cancelled("anna@example.com");
    cancelled("berta@example.com");
    cancelled("carla@example.com");
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
    long id = cancelled("anna@example.com");
    it.tellDue();
    again(id);
    erp.says(204, "");
    clock.tick(Duration.ofSeconds(5));
    assertThat(it.tellDue()).as("the older one waits, so does the newer one").isZero();
    cancelled("berta@example.com");
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
  void what_the_erp_refuses_waits_for_a_person_and_is_told_again_when_its_error_is_cleared() {
    ErpEndpoint erp = erp();
    erp.says(422, "no such\ndocument\u202E\u001b[31m\0");
    cancelled("anna@example.com");
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
    cancelled("anna@example.com");
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
    cancelled("anna@example.com");
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
    cancelled(other, "anna@example.com");
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

  @Test
  void hostile_answers_end_in_time_and_change_nothing() throws Exception {
    List<String> hostile =
        List.of(
            "SILENCE",
            "HTTP/1.1 500 x\r\n\r\nDRIP",
            "HTTP/1.1 200 OK\r\nX: DRIP",
            "\0\1\2 garbage\r\n\r\n",
            "HTTP/1.1 99999999999 x\r\n\r\n",
            "HTTP/1.1 503 x\r\nContent-Length: -17\r\n\r\n",
            "HTTP/1.1 503 x\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFF\r\nDRIP",
            "HTTP/1.1 503 x\r\n\r\nFLOOD",
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n");
    for (String answer : hostile) {
      try (RawEndpoint raw = new RawEndpoint(answer)) {
        Jdbi fresh = TestDatabase.fresh();
        CallbackFixture other =
            new CallbackFixture(
                fresh,
                clock,
                clock,
                Map.of(
                    "callback.url",
                    "http://127.0.0.1:" + raw.port() + "/",
                    "callback.answer-timeout",
                    "300ms"));
        open.add(other);
        cancelled(other, "anna@example.com");
        long start = System.nanoTime();
        other.tellDue();
        assertThat(Duration.ofNanos(System.nanoTime() - start))
            .as(answer)
            .isLessThan(Duration.ofSeconds(ENDS_WITHIN_SECONDS));
        assertThat(other.states()).as(answer).containsExactly("waiting");
        assertThat(other.column("failure_text").get(0)).as(answer).hasSizeLessThan(700);
      }
    }
  }

  @Test
  void an_acceptance_with_an_endless_body_is_an_acceptance() throws Exception {
    for (String body : List.of("FLOOD", "DRIP")) {
      try (RawEndpoint raw = new RawEndpoint("HTTP/1.1 200 OK\r\n\r\n" + body)) {
        CallbackFixture other =
            new CallbackFixture(
                TestDatabase.fresh(),
                clock,
                clock,
                Map.of("callback.url", "http://127.0.0.1:" + raw.port() + "/"));
        open.add(other);
        cancelled(other, "anna@example.com");
        other.tellDue();
        assertThat(other.states()).containsExactly("sent");
      }
    }
  }

  @Test
  void a_fact_told_again_on_purpose_has_its_old_id_and_nobody_can_send_it_elsewhere() {
    ErpEndpoint erp = erp();
    cancelled("anna@example.com");
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
    cancelled("anna@example.com");
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
    cancelled("anna@example.com");
    for (int i = 0; i < 12; i++) {
      it.tellDue();
      clock.tick(Duration.ofHours(13));
    }

    assertThat(it.states()).containsExactly("expired");
    assertThat(it.column("failure_text").get(0)).contains("No answer");
  }

  private long cancelled(String recipient) {
    return cancelled(it, recipient);
  }

  private static long cancelled(CallbackFixture at, String recipient) {
    long id = at.house.enqueue(recipient);
    at.house.module.desk().act(QueueOrder.of(QueueAction.CANCEL, "olga"), id);
    return id;
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

  /** Answers any request with these bytes, and goes on as its last word says. */
  private static final class RawEndpoint implements AutoCloseable {
    private final ServerSocket server;
    private final List<Socket> sockets = new ArrayList<>();

    RawEndpoint(String answer) throws IOException {
      server = new ServerSocket(Ports.free(), 50, InetAddress.getLoopbackAddress());
      Thread thread = new Thread(() -> accept(answer), "raw-endpoint");
      thread.setDaemon(true);
      thread.start();
    }

    int port() {
      return server.getLocalPort();
    }

    private void accept(String answer) {
      while (!server.isClosed()) {
        try {
          Socket socket = server.accept();
          synchronized (sockets) {
            sockets.add(socket);
          }
          Thread thread = new Thread(() -> serve(socket, answer), "raw-endpoint-connection");
          thread.setDaemon(true);
          thread.start();
        } catch (IOException e) {
          return; // closed
        }
      }
    }

    private static void serve(Socket socket, String answer) {
      String head = answer.replaceAll("(SILENCE|DRIP|FLOOD)$", "");
      try (socket) {
        OutputStream out = socket.getOutputStream();
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        while (!answer.equals(head)) {
          if (!answer.endsWith("SILENCE")) {
            out.write(answer.endsWith("FLOOD") ? new byte[65_536] : new byte[] {'x'});
            out.flush();
          }
          if (!answer.endsWith("FLOOD")) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
          }
          if (socket.isClosed()) {
            return;
          }
        }
        socket.shutdownOutput();
        if (socket.getInputStream().readAllBytes().length < 0) {
          throw new IllegalStateException("never");
        }
      } catch (IOException e) {
        // The other side has enough.
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
      synchronized (sockets) {
        for (Socket socket : sockets) {
          socket.close();
        }
      }
    }
  }
}
