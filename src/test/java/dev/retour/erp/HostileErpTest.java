package dev.retour.erp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.support.RawEndpoint;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers of an ERP that mean harm, or are broken as if they did. */
class HostileErpTest {
  private static final long ENDS_WITHIN_SECONDS = 12;
  private final TickingClock clock = new TickingClock();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
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
        other.cancelled("anna@example.com");
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
        other.cancelled("anna@example.com");
        other.tellDue();
        assertThat(other.states()).containsExactly("sent");
      }
    }
  }
}
