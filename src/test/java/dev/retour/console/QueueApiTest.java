package dev.retour.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.retour.config.Settings;
import dev.retour.delivery.DeliveryConfig;
import dev.retour.delivery.NewPackage;
import dev.retour.delivery.Queue;
import dev.retour.delivery.QueueDesk;
import dev.retour.mail.EmailAddress;
import dev.retour.mail.OnUncertain;
import dev.retour.support.Ports;
import dev.retour.support.TestDatabase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.main.Main;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The queue by HTTP: the real routes, the real database behind. */
class QueueApiTest {
  private static final String QUEUE = "/api/v1/queue";
  private static final int PORT = Ports.free();
  private static final JsonMapper mapper = JsonMapper.builder().build();
  private static final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private static final Jdbi jdbi = TestDatabase.fresh();
  private static final InstantSource clock = InstantSource.system();
  private static final Queue queue =
      new Queue(jdbi, clock, DeliveryConfig.from(Settings.of(Map.of())));
  private static final Main main = new Main();

  @BeforeAll
  static void start() throws Exception {
    new ConsoleFixture(jdbi).beans.forEach(main::bind);
    ConsoleModule.bindQueue(main::bind, new QueueDesk(jdbi, clock));
    main.setPropertyPlaceholderLocations("classpath:none.properties;optional=true");
    main.addOverrideProperty("camel.server.enabled", "true");
    main.addOverrideProperty("camel.server.host", "127.0.0.1");
    main.addOverrideProperty("camel.server.port", Integer.toString(PORT));
    main.addOverrideProperty("camel.component.direct.block", "false");
    main.addOverrideProperty(
        "camel.main.routesIncludePattern",
        "file:routes/failure-policies.camel.yaml,file:routes/console/console.camel.yaml,"
            + "file:routes/console/queue-api.camel.yaml");
    main.start();
  }

  @AfterAll
  static void stop() {
    main.stop();
  }

  @Test
  void a_failed_mail_is_found_shown_and_cleared() throws Exception {
    long id = failed("shown@one.example", "INV-one");
    JsonNode page = json(get(QUEUE + "?state=error&document=INV-one&processor=mail"));
    assertThat(page.get("packages")).hasSize(1);
    assertThat(page.get("packages").get(0).get("failure").get("text").asText()).isEqualTo("550 no");
    assertThat(json(get(QUEUE + "/" + id)).get("subject").asText()).isEqualTo("Hello");

    HttpResponse<String> cleared = post(QUEUE + "/" + id + "/clear-error", "{\"by\":\"olga\"}");
    assertThat(cleared.statusCode()).isEqualTo(200);
    assertThat(json(cleared).get("state").asText()).isEqualTo("waiting");
    HttpResponse<String> again = post(QUEUE + "/" + id + "/clear-error", "{}");
    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(json(again).get("detail").asText()).contains("goes out by itself");
    assertThat(json(get(QUEUE + "/" + id)).get("log").get(0).get("who").asText())
        .isEqualTo("api: olga");
  }

  @Test
  void pages_follow_each_other_by_id() throws Exception {
    for (int i = 0; i < 5; i++) {
      failed("p" + i + "@pages.example", "INV-pages");
    }
    JsonNode first = json(get(QUEUE + "?domain=pages.example&limit=3"));
    assertThat(first.get("packages")).hasSize(3);
    JsonNode second =
        json(get(QUEUE + "?domain=pages.example&limit=3&before=" + first.get("nextBefore")));
    assertThat(second.get("packages")).hasSize(2);
    assertThat(second.has("nextBefore")).isFalse();
  }

  @Test
  void in_bulk_the_count_must_be_confirmed_and_a_filter_named() throws Exception {
    failed("a@bulk.example", "INV-bulk");
    failed("b@bulk.example", "INV-bulk");
    String path = QUEUE + "/acknowledge";
    assertThat(post(path, "{}").statusCode()).as("nothing was selected").isEqualTo(400);
    assertThat(post(path + "?domian=bulk.example", "{}").statusCode()).isEqualTo(400);
    assertThat(json(post(path + "?domain=bulk.example", "{}")).get("matched").asLong())
        .isEqualTo(2);
    assertThat(post(path + "?domain=bulk.example&confirm=1", "{}").statusCode()).isEqualTo(409);
    JsonNode done = json(post(path + "?domain=bulk.example&confirm=2", "{}"));
    assertThat(done.get("changed").asLong()).isEqualTo(2);
    JsonNode repeated = json(post(path + "?domain=bulk.example&confirm=2", "{}"));
    assertThat(repeated.get("refused").asLong()).isEqualTo(2);
    assertThat(repeated.get("refusals").get(0).get("sentence").asText())
        .isEqualTo("It was acknowledged before.");
  }

  @Test
  void a_second_sending_is_confirmed_and_a_mail_of_its_own() throws Exception {
    long id = failed("again@again.example", "INV-again");
    jdbi.useHandle(h -> h.execute("UPDATE work_package SET state='sent' WHERE id=?", id));
    String path = QUEUE + "/" + id + "/send-again";
    assertThat(post(path, "{}").statusCode()).isEqualTo(409);
    HttpResponse<String> sent = post(path, "{\"confirm\":1}");
    assertThat(sent.statusCode()).isEqualTo(201);
    String location = sent.headers().firstValue("Location").orElseThrow();
    assertThat(json(get(location)).get("generation").asInt()).isEqualTo(2);
    assertThat(post(path, "{\"confirm\":1}").statusCode()).isEqualTo(409);
  }

  @Test
  void settling_and_a_new_recipient_take_their_words() throws Exception {
    long id = failed("u@settle.example", "INV-settle");
    jdbi.useHandle(h -> h.execute("UPDATE work_package SET state='uncertain' WHERE id=?", id));
    String path = QUEUE + "/" + id;
    assertThat(post(path + "/settle", "{\"as\":\"maybe\"}").statusCode()).isEqualTo(400);
    assertThat(post(path + "/settle-sent", "{}").statusCode()).isEqualTo(404);
    assertThat(json(post(path + "/settle", "{\"as\":\"not-sent\"}")).get("state").asText())
        .isEqualTo("error");
    assertThat(post(path + "/recipient", "{\"to\":\"nobody\"}").statusCode()).isEqualTo(400);
    assertThat(post(path + "/recipient", "{\"to\":\"v@settle.example\"}").statusCode())
        .isEqualTo(200);
    assertThat(json(get(path)).get("recipient").asText()).isEqualTo("v@settle.example");
  }

  @Test
  void what_is_unknown_or_posted_by_a_foreign_page_is_refused() throws Exception {
    long id = failed("f@foreign.example", "INV-foreign");
    assertThat(get(QUEUE + "/999999").statusCode()).isEqualTo(404);
    assertThat(get(QUEUE + "/none").statusCode()).isEqualTo(404);
    assertThat(get(QUEUE + "?state=broken").statusCode()).isEqualTo(400);
    assertThat(get(QUEUE + "?stat=error").statusCode()).isEqualTo(400);
    assertThat(get(QUEUE + "?recipient=%24%7Bbody%7D%27%3B--").statusCode()).isEqualTo(400);
    assertThat(get(QUEUE + "?document=x%27+OR+1%3D1").body()).contains("\"packages\":[]");
    assertThat(post(QUEUE + "/" + id + "/explode", "{}").statusCode()).isEqualTo(404);
    for (String type : new String[] {"text/plain", "application/x-www-form-urlencoded"}) {
      HttpResponse<String> answer =
          send(
              request(QUEUE + "/" + id + "/cancel")
                  .header("Content-Type", type)
                  .POST(HttpRequest.BodyPublishers.ofString("{}")));
      assertThat(answer.statusCode()).isEqualTo(415);
    }
    assertThat(json(get(QUEUE + "/" + id)).get("state").asText()).isEqualTo("error");
  }

  private static long failed(String recipient, String document) {
    String messageId = "<" + UUID.randomUUID() + "@retour.test>";
    return jdbi.inTransaction(
        handle -> {
          long id =
              queue.enqueue(
                  handle,
                  new NewPackage(
                      UUID.randomUUID(),
                      "EVTtest",
                      document,
                      EmailAddress.parse(recipient).orElseThrow(),
                      5,
                      OnUncertain.HOLD,
                      clock.instant().plus(Duration.ofDays(5)),
                      messageId,
                      "Hello",
                      ("Message-ID: " + messageId + "\r\n\r\nHi\r\n")
                          .getBytes(StandardCharsets.US_ASCII)));
          handle.execute(
              "UPDATE work_package SET state='error', due_at=NULL, failure_text='550 no'"
                  + " WHERE id=?",
              id);
          return id;
        });
  }

  private static JsonNode json(HttpResponse<String> response) throws Exception {
    return mapper.readTree(response.body());
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return send(request(path).GET());
  }

  private static HttpResponse<String> post(String path, String body) throws Exception {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + PORT + path))
        .timeout(Duration.ofSeconds(10));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }
}
