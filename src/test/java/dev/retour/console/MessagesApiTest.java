package dev.retour.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.retour.support.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life cycle of messages as clients of the interface see it. */
class MessagesApiTest {
  private static final JsonMapper mapper = JsonMapper.builder().build();
  private static final String ID = "EVTpost";

  @TempDir Path root;
  private PostMessage post;
  private GetMessages get;

  @BeforeEach
  void open() throws IOException {
    write(
        "event.yaml",
        "id: EVTpost\ndescription: A test.\nfrom: {address: a@example.com, name: A}\n");
    write("subject.txt", "Hello");
    write("message.html", "<html><body><p>Hello</p></body></html>");
    ConsoleFixture console =
        new ConsoleFixture(TestDatabase.fresh(), Map.of("messages.folder", root.toString()));
    post = console.postMessage();
    get = console.getMessages();
  }

  @Test
  void a_message_is_published_paused_and_shown() throws Exception {
    JsonNode published = ok(act("publish", "{\"because\":\"first\",\"by\":\"ann\"}"));
    assertThat(published.path("state").asText()).isEqualTo("published");
    assertThat(published.path("version").asInt()).isEqualTo(1);
    assertThat(published.path("changedBy").asText()).isEqualTo("api: ann");
    assertThat(ok(act("pause", "{}")).path("state").asText()).isEqualTo("paused");
    JsonNode shown = ok(get.one(ID));
    assertThat(shown.path("versions")).hasSize(1);
    assertThat(shown.path("history")).hasSize(2);
    assertThat(ok(get.all()).path("messages").get(0).path("folder").asText()).isEqualTo("same");
  }

  @Test
  void what_is_not_possible_is_a_409_with_the_reason() throws Exception {
    assertThat(problem(act("resume", "{}"), 409).path("detail").asText())
        .isEqualTo(
            "EVTpost is not published and cannot be resumed. Only a paused message can be resumed.");
    act("publish", "{}");
    assertThat(problem(act("unpublish", "{}"), 409).path("type").asText())
        .endsWith("not-confirmed");
    assertThat(ok(act("unpublish", "{\"confirm\":1}")).path("state").asText()).isEqualTo("draft");
    assertThat(problem(act("rollback", "{}"), 409).path("detail").asText())
        .contains("It is not published");
  }

  @Test
  void faults_of_files_are_named_one_by_one() throws Exception {
    write("subject.txt", "Hello\n[=ctx.nobody]");
    JsonNode problem = problem(act("publish", "{}"), 422);
    assertThat(problem.path("fileFaults").get(0).path("file").asText())
        .isEqualTo("EVTpost/subject.txt");
    assertThat(problem.path("fileFaults").get(0).path("line").asInt()).isEqualTo(2);
  }

  @Test
  void what_nobody_knows_is_not_found_and_what_is_not_asked_so_is_refused() throws Exception {
    problem(act("explode", "{}"), 404);
    problem(get.one("EVTnone"), 404);
    problem(get.one("../EVTpost"), 404);
    problem(post.answer("EVTnone", "publish", bytes("{}"), null, "application/json"), 404);
    problem(post.answer(ID, "publish", bytes("{}"), null, "text/plain"), 415);
    problem(act("publish", "{\"becuase\":\"typo\"}"), 400);
    assertThat(ok(get.one(ID)).path("newest").asInt()).isZero();
  }

  @Test
  void a_proof_is_queued_or_refused_with_the_reason() throws Exception {
    write("test-profiles/anna.json", "{\"email\":\"anna@example.com\",\"ctx\":{}}");
    Answer sent = act("proof", "{\"by\":\"ann\"}");
    assertThat(sent.status()).isEqualTo(202);
    JsonNode proof = mapper.readTree(sent.body());
    assertThat(proof.path("proof").asInt()).isEqualTo(1);
    assertThat(proof.path("mails").get(0).path("recipient").asText()).isEqualTo("anna@example.com");
    assertThat(proof.path("mails").get(0).path("href").asText()).startsWith("/api/v1/queue/");
    problem(act("proof", "{\"to\":\"nobody\"}"), 400);
    problem(act("proof", "{\"profiles\":\"bert\"}"), 400);
    problem(act("proof", "{\"confirm\":1}"), 400);
    write("subject.txt", "[=ctx.nobody]");
    assertThat(problem(act("proof", "{}"), 422).path("fileFaults")).isNotEmpty();
    assertThat(ok(get.one(ID)).path("history").get(0).path("what").asText()).isEqualTo("proof");
  }

  private Answer act(String action, String body) {
    return post.answer(ID, action, bytes(body), null, "application/json");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static JsonNode ok(Answer answer) throws IOException {
    assertThat(answer.status())
        .as(new String(answer.body(), StandardCharsets.UTF_8))
        .isEqualTo(200);
    return mapper.readTree(answer.body());
  }

  private static JsonNode problem(Answer answer, int status) throws IOException {
    assertThat(answer.status()).isEqualTo(status);
    return mapper.readTree(answer.body());
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(ID).resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
