package dev.retour.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.retour.support.TestDatabase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bodies that are too large or too deep, alone and in a batch; forms are in MultipartTest. */
class EventLimitsTest {
  private static final String PATH = "/api/v1/events/EVTform";
  private static final String BEGIN = "{\"email\":\"a@example.com\",\"ctx\":";
  private static final String DEEP = BEGIN + "[".repeat(40_000) + "]".repeat(40_000) + "}";
  private static final String LONG = BEGIN + "{\"name\":\"" + "x".repeat(80_000) + "\"}}";
  private static final String RIGHT = BEGIN + "{\"name\":\"Ada\"}}";

  @TempDir private Path dir;
  private final Jdbi jdbi = TestDatabase.fresh();
  private @Nullable FormServer server;

  @BeforeEach
  void start() throws Exception {
    server = new FormServer(dir, jdbi);
  }

  @AfterEach
  void stop() {
    Objects.requireNonNull(server).close();
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            request.timeout(Duration.ofSeconds(20)).build(),
            HttpResponse.BodyHandlers.ofString(UTF_8));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + Objects.requireNonNull(server).port + path));
  }

  private HttpResponse<String> post(String path, String body, String type) throws Exception {
    return send(
        request(path).header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private long stored() {
    return jdbi.withHandle(
        handle -> handle.createQuery("SELECT count(*) FROM event").mapTo(Long.class).one());
  }

  @Test
  void oversized_and_deeply_nested_json_is_refused_with_a_short_answer() throws Exception {
    HttpResponse<String> deep = post(PATH, DEEP, "application/json");
    assertThat(deep.statusCode()).isEqualTo(400);
    assertThat(deep.body()).contains("nested at most 20 deep").hasSizeLessThan(2_000);
    HttpResponse<String> tooLong = post(PATH, LONG, "application/json");
    assertThat(tooLong.statusCode()).isEqualTo(400);
    assertThat(tooLong.body()).contains("/ctx/name", "80000 characters").hasSizeLessThan(2_000);
    String large = " ".repeat(FormServer.BODY_BYTES_MAX + 1);
    assertThat(post(PATH, large, "application/json").statusCode()).isEqualTo(413);
    assertThat(stored()).isZero();
  }

  @Test
  void in_a_batch_they_spoil_no_other_line() throws Exception {
    String batch = DEEP + "\n" + LONG + "\n" + RIGHT;
    HttpResponse<String> lines = post(PATH + ":batch", batch, "application/x-ndjson");
    assertThat(lines.body().lines().map(line -> line.contains("\"status\":400")))
        .containsExactly(true, true, false);
    assertThat(lines.body())
        .contains("nested at most 20 deep", "\"status\":202")
        .hasSizeLessThan(4_000);
    String large = RIGHT + "\n" + "x".repeat(FormServer.BODY_BYTES_MAX);
    assertThat(post(PATH + ":batch", large, "application/x-ndjson").statusCode()).isEqualTo(413);
    assertThat(stored()).isOne();
  }

  @Test
  void the_interface_describes_files_in_json_and_as_parts() throws Exception {
    JsonNode paths =
        JsonMapper.builder()
            .build()
            .readTree(send(request("/api/v1/openapi.json").GET()).body())
            .get("paths");
    JsonNode json = paths.get(PATH).at("/post/requestBody/content/application~1json/schema");
    assertThat(json.at("/properties/attachments/maxItems").asInt()).isEqualTo(3);
    JsonNode form = paths.get(PATH + "/multipart").get("post");
    assertThat(form.at("/parameters/0/required").asBoolean()).isTrue();
    assertThat(form.at("/requestBody/content/multipart~1form-data/schema/properties").toString())
        .contains("\"event\"", "\"document\"", "\"attachments\"");
    assertThat(send(request("/api/v1/event-types/EVTform/sample").GET()).body())
        .contains("sample-1.pdf");
  }

  @Test
  void refused_events_can_be_asked_for() throws Exception {
    jdbi.useHandle(
        handle ->
            handle.execute(
                "INSERT INTO event_refusal (at, event_type, email_key, answer, text)"
                    + " VALUES (now(), 'EVTgone', 'anna@example.com', 410, 'It is over.')"));
    String path = "/api/v1/events/refusals";
    HttpResponse<String> page =
        send(request(path + "?type=EVTgone&recipient=Anna@example.com").GET());
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(
            JsonMapper.builder().build().readTree(page.body()).at("/refusals/0/because").asText())
        .isEqualTo("It is over.");
    assertThat(send(request(path + "?status=paused").GET()).statusCode()).isEqualTo(400);
    assertThat(send(request(path + "?after=x").GET()).statusCode()).isEqualTo(400);
  }
}
