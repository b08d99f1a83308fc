package dev.retour.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.config.Settings;
import dev.retour.console.Answer;
import dev.retour.console.EventsApi;
import dev.retour.console.PostEvent;
import dev.retour.delivery.DeliveryFixture;
import dev.retour.messages.FolderMessages;
import dev.retour.messages.Messages;
import dev.retour.store.Database;
import dev.retour.support.Await;
import dev.retour.support.OwnPostgres;
import dev.retour.support.SmtpSink;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.camel.main.Main;
import org.apache.camel.support.SimpleRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL is stopped and started again under load: nothing is lost, nothing goes out twice. */
class DatabaseAwayTest {
  private static final int CLIENTS = 4;
  private static final int EVENTS_EACH = 100;
  private static final int EVENTS_BEFORE = 120;
  private static final int REFUSALS = 20;
  private static final long WAIT_SECONDS = 90;

  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();

  @TempDir Path dir;

  @Test
  void postgresql_stopped_and_started_under_load_loses_and_doubles_nothing() throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    Main main = new Main();
    try (OwnPostgres postgres = new OwnPostgres(dir.resolve("data"));
        SmtpSink sink = new SmtpSink();
        DeliveryFixture delivery = delivery(postgres.database(), sink)) {
      Database database = postgres.database();
      Messages messages = messages();
      PostEvent door = start(main, database, delivery, messages);
      List<Future<Integer>> running = submit(clients, door, sample(messages));
      Await.until("events", () -> accepted.get() >= EVENTS_BEFORE && !sink.taken().isEmpty());

      postgres.stop();
      Await.until("refusals", () -> refused.get() >= REFUSALS);
      postgres.start();
      for (Future<Integer> client : running) {
        client.get(WAIT_SECONDS, TimeUnit.SECONDS);
      }
      int all = accepted.get();
      Await.until("every mail", () -> sink.taken().size() >= all && underWay(database) == 0);

      assertThat(sink.taken().stream().map(SmtpSink.Taken::to))
          .as("lost = 0, doubles = 0")
          .doesNotHaveDuplicates()
          .hasSize(all);
      assertThat(count(database, "state = 'sent'")).isEqualTo(all);
      assertThat(count(database, "attempts - unspent <> 1")).as("attempts spent").isZero();
      main.stop();
    } finally {
      clients.shutdownNow();
    }
  }

  private List<Future<Integer>> submit(ExecutorService clients, PostEvent door, JsonNode sample) {
    return IntStream.range(0, CLIENTS)
        .mapToObj(client -> clients.submit(erp(door, sample, client)))
        .toList();
  }

  /** What an ERP does: repeats an event under its key until it is accepted. */
  private Callable<Integer> erp(PostEvent door, JsonNode sample, int client) {
    return () -> {
      int done = 0;
      boolean open = false; // a 503 may hide a commit: the same event is asked for until a 202
      while (done < EVENTS_EACH || refused.get() < REFUSALS || open) {
        String name = "c" + client + "n" + done;
        ObjectNode event = sample.deepCopy();
        event.put("email", name + "@example.com");
        Answer answer =
            door.answer(
                "EVTinvoiceIssued",
                event.toString().getBytes(StandardCharsets.UTF_8),
                "application/json",
                name);
        if (answer.status() == 202) {
          done++;
          open = false;
          accepted.incrementAndGet();
        } else {
          assertThat(answer.status()).isEqualTo(503);
          assertThat(answer.headers()).containsKey("Retry-After");
          refused.incrementAndGet();
          open = true;
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
      }
      return done;
    };
  }

  private static PostEvent start(
      Main main, Database database, DeliveryFixture delivery, Messages messages) {
    EventsModule events =
        new EventsModule(
            EventsConfig.from(Settings.of(Map.of())),
            new EventsModule.Needs(
                database.jdbi(),
                InstantSource.system(),
                messages,
                delivery.module.queue(),
                delivery.addresses,
                "retour.example"));
    SimpleRegistry beans = new SimpleRegistry();
    delivery.module.bind(beans);
    events.bind(beans);
    beans.forEach((name, byType) -> main.bind(name, byType.values().iterator().next()));
    main.addOverrideProperty("delivery.concurrency", "4");
    main.addOverrideProperty("delivery.batch", "50");
    main.addOverrideProperty("smtp.host", "127.0.0.1");
    main.addOverrideProperty("smtp.port", "25");
    main.addOverrideProperty("camel.component.direct.block", "false");
    main.addOverrideProperty("camel.main.shutdownTimeout", "5");
    main.addOverrideProperty(
        "camel.main.routesIncludePattern",
        "file:routes/failure-policies.camel.yaml,file:routes/delivery/*.camel.yaml,"
            + "file:routes/events/*.camel.yaml");
    main.start();
    Map<String, Object> doors = new HashMap<>();
    EventsApi.bind(doors::put, events, messages);
    Object door = doors.get("postEvent");
    assertThat(door).isNotNull();
    return (PostEvent) door;
  }

  private static DeliveryFixture delivery(Database database, SmtpSink sink) {
    return new DeliveryFixture(
        database.jdbi(),
        InstantSource.system(),
        InstantSource.system(),
        DeliveryFixture.shippedRules(),
        Map.of("smtp.port", DeliveryFixture.port(sink.port()), "smtp.tls", "disabled"));
  }

  private static Messages messages() {
    return FolderMessages.shipped();
  }

  private static JsonNode sample(Messages messages) {
    return messages.published("EVTinvoiceIssued").orElseThrow().sample();
  }

  private static int underWay(Database database) {
    return count(database, "state IN ('ready', 'waiting', 'sending')");
  }

  private static int count(Database database, String where) {
    return database
        .jdbi()
        .withHandle(
            h ->
                h.createQuery("SELECT count(*) FROM work_package WHERE " + where)
                    .mapTo(Integer.class)
                    .one());
  }
}
