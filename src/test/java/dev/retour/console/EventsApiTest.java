package dev.retour.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.retour.config.Settings;
import dev.retour.delivery.DeliveryConfig;
import dev.retour.delivery.Queue;
import dev.retour.delivery.QueueDesk;
import dev.retour.events.EventsConfig;
import dev.retour.events.EventsModule;
import dev.retour.messages.Messages;
import dev.retour.messages.MessagesConfig;
import dev.retour.messages.MessagesModule;
import dev.retour.quarantine.AddressBook;
import dev.retour.quarantine.QuarantineConfig;
import dev.retour.support.Ports;
import dev.retour.support.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.main.Main;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The events API as an ERP meets it: the real routes over HTTP, the real database behind. */
class EventsApiTest {
  private static final String EVENTS = "/api/v1/events/EVTinvoiceIssued";
  private static final String JSON = "application/json;charset=utf-8";
  private static final int PORT = Ports.free();
  private static final JsonMapper mapper = JsonMapper.builder().build();
  private static final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private static final Jdbi jdbi = TestDatabase.fresh();
  private static final Main main = new Main();

  @BeforeAll
  static void start() throws Exception {
    Settings settings = Settings.of(Map.of());
    InstantSource clock = InstantSource.system();
    MessagesModule room =
        new MessagesModule(MessagesConfig.from(settings), jdbi, clock, InstantSource.system());
    room.saved().publishFirst();
    Messages messages = room.messages();
    EventsModule events =
        new EventsModule(
            EventsConfig.from(settings),
            new EventsModule.Needs(
                jdbi,
                clock,
                messages,
                new Queue(jdbi, clock, DeliveryConfig.from(settings)),
                new AddressBook(jdbi, clock, QuarantineConfig.from(settings)),
                "retour.example"));
    new ConsoleFixture(jdbi).beans.forEach(main::bind);
    ConsoleModule.bindQueue(main::bind, new QueueDesk(jdbi, clock));
    EventsApi.bind(main::bind, events, messages);
    main.setPropertyPlaceholderLocations("classpath:none.properties;optional=true");
    main.addOverrideProperty("camel.server.enabled", "true");
    main.addOverrideProperty("camel.server.host", "127.0.0.1");
    main.addOverrideProperty("camel.server.port", Integer.toString(PORT));
    main.addOverrideProperty("camel.component.direct.block", "false");
    main.addOverrideProperty(
        "camel.main.routesIncludePattern",
        "file:routes/failure-policies.camel.yaml,file:routes/console/console.camel.yaml,"
            + "file:routes/console/*-api.camel.yaml");
    main.start();
  }

  @AfterAll
  static void stop() {
    main.stop();
  }

  @Test
  void the_sample_of_an_event_type_is_accepted_and_its_status_can_be_asked_for() throws Exception {
    HttpResponse<String> sample =
        send(request("/api/v1/event-types/EVTinvoiceIssued/sample").GET());
    assertThat(sample.statusCode()).isEqualTo(200);

    HttpResponse<String> posted = post(EVENTS, sample.body());

    assertThat(posted.statusCode()).isEqualTo(202);
    JsonNode taken = mapper.readTree(posted.body());
    assertThat(taken.get("status").asText()).isEqualTo("pending");
    assertThat(taken.get("href").asText()).isEqualTo(EVENTS + "/" + taken.get("pkey").asText());
    HttpResponse<String> status = send(request(taken.get("href").asText()).GET());
    assertThat(status.statusCode()).isEqualTo(200);
    assertThat(mapper.readTree(status.body()).get("pkey")).isEqualTo(taken.get("pkey"));
    assertThat(mapper.readTree(status.body()).get("eventType").asText())
        .isEqualTo("EVTinvoiceIssued");
  }

  @Test
  void what_is_wrong_is_named_by_json_pointer_and_nothing_is_stored() throws Exception {
    long before = stored();

    HttpResponse<String> unknownField = post(EVENTS, "{\"email\":\"a@example.com\",\"x\":1}");
    HttpResponse<String> noJson = post(EVENTS, "{\"email\":");
    HttpResponse<String> nothing = post(EVENTS, "");

    assertThat(unknownField.statusCode()).isEqualTo(400);
    assertThat(unknownField.headers().firstValue("Content-Type")).hasValue(Problem.CONTENT_TYPE);
    JsonNode problem = mapper.readTree(unknownField.body());
    assertThat(problem.get("faults").findValuesAsText("pointer")).contains("/x");
    assertThat(noJson.statusCode()).isEqualTo(400);
    assertThat(nothing.statusCode()).isEqualTo(400);
    assertThat(stored()).isEqualTo(before);
  }

  @Test
  void unknown_types_and_keys_are_404() throws Exception {
    for (String path :
        new String[] {
          "/api/v1/events/EVTinvoiceIssued/not-a-uuid",
          "/api/v1/events/EVTinvoiceIssued/00000000-0000-0000-0000-000000000000",
          "/api/v1/event-types/EVTnone/sample",
          "/api/v1/event-types/%24%7Bbody%7D/sample",
          "/api/v1/event-types/EVTinvoiceIssued/sample?eventType=EVTother"
        }) {
      HttpResponse<String> answer = send(request(path).GET());
      assertThat(answer.statusCode()).as(path).isEqualTo(404);
      assertThat(answer.headers().firstValue("Content-Type")).hasValue(Problem.CONTENT_TYPE);
    }
    assertThat(post("/api/v1/events/EVTnone", "{}").statusCode()).isEqualTo(404);
  }

  @Test
  void a_repeated_request_is_one_event_and_a_reused_key_a_conflict() throws Exception {
    String sample = send(request("/api/v1/event-types/EVTinvoiceIssued/sample").GET()).body();
    HttpResponse<String> first = post(EVENTS, sample, JSON, "order-1");
    long after = stored();

    HttpResponse<String> again = post(EVENTS, sample, JSON, "order-1");
    HttpResponse<String> other = post(EVENTS, sample + " ", JSON, "order-1");

    assertThat(again.statusCode()).isEqualTo(202);
    assertThat(mapper.readTree(again.body()).get("pkey"))
        .isEqualTo(mapper.readTree(first.body()).get("pkey"));
    assertThat(again.headers().firstValue("Idempotent-Replay")).hasValue("true");
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(other.statusCode()).isEqualTo(422);
    assertThat(stored()).isEqualTo(after);
  }

  @Test
  void what_a_foreign_web_page_can_post_unasked_is_refused() throws Exception {
    for (String type :
        new String[] {
          "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
        }) {
      HttpResponse<String> answer = post(EVENTS, "{\"email\":\"a@example.com\"}", type, null);
      assertThat(answer.statusCode()).as(type).isBetween(400, 415);
      assertThat(answer.body()).as(type).contains("\"status\":4");
    }
  }

  @Test
  void a_batch_is_answered_line_by_line() throws Exception {
    String sample = send(request("/api/v1/event-types/EVTcartAbandonment/sample").GET()).body();
    String batch = sample + "\n{\"email\":1}\n\n" + sample;

    HttpResponse<String> answer =
        post("/api/v1/events/EVTcartAbandonment:batch", batch, "application/x-ndjson", "night-1");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/x-ndjson");
    List<JsonNode> lines = new ArrayList<>();
    for (String line : answer.body().split("\n", -1)) {
      if (!line.isEmpty()) {
        lines.add(mapper.readTree(line));
      }
    }
    assertThat(lines).extracting(line -> line.get("line").asInt()).containsExactly(1, 2, 4);
    assertThat(lines).extracting(line -> line.get("status").asInt()).containsExactly(202, 400, 202);
    assertThat(lines.get(1).get("faults").findValuesAsText("pointer")).contains("/ctx", "/email");
    HttpResponse<String> status = send(request(lines.get(2).get("href").asText()).GET());
    assertThat(mapper.readTree(status.body()).get("pkey")).isEqualTo(lines.get(2).get("pkey"));

    HttpResponse<String> again =
        post("/api/v1/events/EVTcartAbandonment:batch", batch, "application/x-ndjson", "night-1");
    JsonNode first = mapper.readTree(again.body().split("\n", 2)[0]);
    assertThat(first.get("replayed").asBoolean()).isTrue();
    assertThat(first.get("pkey")).isEqualTo(lines.get(0).get("pkey"));
  }

  @Test
  void a_batch_that_cannot_be_one_is_refused_before_any_line_is_looked_at() throws Exception {
    long before = stored();
    String path = "/api/v1/events/EVTcartAbandonment:batch";
    String line = "{\"email\":\"a@example.com\",\"ctx\":{\"cartId\":\"1\"}}\n";

    assertThat(post(path, line, JSON, null).statusCode()).isEqualTo(415);
    assertThat(post(path, line, "text/plain", null).statusCode()).isEqualTo(415);
    assertThat(post(path, "", "application/x-ndjson", null).statusCode()).isEqualTo(400);
    assertThat(post(path, line.repeat(10_001), "application/x-ndjson", null).statusCode())
        .isEqualTo(413);
    HttpResponse<String> unknown =
        post("/api/v1/events/EVTnone%3Abatch", line, "application/x-ndjson", null);
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.body()).contains("EVTnone.");
    assertThat(send(request(path).GET()).statusCode()).isEqualTo(405);
    assertThat(stored()).isEqualTo(before);
  }

  @Test
  void events_types_schema_and_openapi_can_be_asked_for() throws Exception {
    String sample = send(request("/api/v1/event-types/EVTcartAbandonment/sample").GET()).body();
    JsonNode taken =
        mapper.readTree(
            post("/api/v1/events/EVTcartAbandonment", sample.replace("@", ".search@")).body());
    String email = mapper.readTree(sample).get("email").asText().replace("@", ".search@");

    HttpResponse<String> page =
        send(request("/api/v1/events?type=EVTcartAbandonment&recipient=" + email).GET());
    assertThat(page.statusCode()).isEqualTo(200);
    JsonNode first = mapper.readTree(page.body()).get("events").get(0);
    assertThat(first.get("pkey")).isEqualTo(taken.get("pkey"));
    assertThat(first.get("because").asText()).endsWith(".");
    assertThat(send(request("/api/v1/events?status=lost").GET()).statusCode()).isEqualTo(400);
    assertThat(send(request("/api/v1/events?colour=red").GET()).statusCode()).isEqualTo(400);
    assertThat(send(request("/api/v1/event-types?silent-days=3").GET()).statusCode())
        .isEqualTo(200);

    HttpResponse<String> schema =
        send(request("/api/v1/event-types/EVTinvoiceIssued/schema").GET());
    assertThat(mapper.readTree(schema.body()).get("title").asText()).isEqualTo("EVTinvoiceIssued");
    HttpResponse<String> openApi = send(request("/api/v1/openapi.json").GET());
    assertThat(
            mapper.readTree(openApi.body()).at("/paths/~1api~1v1~1events~1EVTinvoiceIssued/post"))
        .isNotEmpty();
    String etag = openApi.headers().firstValue("ETag").orElseThrow();
    assertThat(
            send(request("/api/v1/openapi.json").header("If-None-Match", etag).GET()).statusCode())
        .isEqualTo(304);
  }

  private static long stored() {
    return jdbi.withHandle(
        handle -> handle.createQuery("SELECT count(*) FROM event").mapTo(Long.class).one());
  }

  private static HttpResponse<String> post(String path, String body)
      throws IOException, InterruptedException {
    return post(path, body, JSON, null);
  }

  private static HttpResponse<String> post(
      String path, String body, String contentType, @Nullable String key)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", contentType)
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (key != null) {
      request.header("Idempotency-Key", key);
    }
    return send(request);
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + PORT + path))
        .timeout(Duration.ofSeconds(10));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }
}
