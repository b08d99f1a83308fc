package dev.retour.console;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.retour.support.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events whose files are parts of a form: the real routes over HTTP. */
class MultipartTest {
  private static final String PATH = "/api/v1/events/EVTform/multipart";
  private static final JsonMapper mapper = JsonMapper.builder().build();
  private static final HttpClient client = HttpClient.newHttpClient();
  private static final Jdbi jdbi = TestDatabase.fresh();

  @TempDir private static Path dir;
  private static @Nullable FormServer server;

  @BeforeAll
  static void start() throws Exception {
    server = new FormServer(dir, jdbi);
  }

  @AfterAll
  static void stop() {
    server().close();
  }

  private static FormServer server() {
    return Objects.requireNonNull(server);
  }

  private static byte[] pdf(String text) {
    return ("%PDF-1.4 " + text).getBytes(US_ASCII);
  }

  private static String event(String more) {
    return "{\"email\":\"anna@example.com\",\"ctx\":{\"name\":\"Anna\"}" + more + "}";
  }

  private static HttpResponse<String> post(Form form, @Nullable String key) throws Exception {
    return post(form.end(), form.type(), key);
  }

  private static HttpResponse<String> post(byte[] body, String type, @Nullable String key)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server().port + PATH))
            .timeout(Duration.ofSeconds(20))
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (key != null) {
      request.header("Idempotency-Key", key);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString(UTF_8));
  }

  private static String faults(HttpResponse<String> answer) throws IOException {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    return mapper.readTree(answer.body()).get("faults").toString();
  }

  private static List<byte[]> stored(String pkey) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT bytes FROM event_attachment JOIN attachment USING (sha256)"
                        + " WHERE event_id = CAST(:id AS uuid) ORDER BY position")
                .bind("id", pkey)
                .mapTo(byte[].class)
                .list());
  }

  private static long events() {
    return jdbi.withHandle(
        handle -> handle.createQuery("SELECT count(*) FROM event").mapTo(Long.class).one());
  }

  @Test
  void files_come_as_parts_byte_by_byte() throws Exception {
    byte[] every = new byte[70_000];
    for (int i = 0; i < every.length; i++) {
      every[i] = (byte) (i * 31 + i / 256);
    }
    every[every.length - 2] = '\r';
    every[every.length - 1] = '\n';
    Form form =
        Form.of(event(",\"document\":{\"id\":\"INV-1\"}"))
            .file("document", "Rechnung Müller.pdf", pdf("document"))
            .part("name=\"attachments\"; filename=\"a.bin\"", null, every)
            .file("attachments", "b.pdf", pdf("b"));

    HttpResponse<String> answer = post(form, "form-1");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    String pkey = mapper.readTree(answer.body()).get("pkey").asText();
    assertThat(stored(pkey)).containsExactly(pdf("document"), every, pdf("b"));
    String row =
        jdbi.withHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT document->>'fileName' FROM event WHERE id = CAST(:id AS uuid)")
                    .bind("id", pkey)
                    .mapTo(String.class)
                    .one());
    assertThat(row).isEqualTo("Rechnung Müller.pdf");
  }

  @Test
  void the_same_event_under_another_boundary_is_a_repeat_and_other_bytes_a_conflict()
      throws Exception {
    byte[] event = event("").getBytes(UTF_8);
    Form first = new Form("one").part("name=\"event\"", null, event);
    HttpResponse<String> taken = post(first.file("attachments", "a.pdf", pdf("a")), "form-2");
    Form again = new Form("another").part("name=\"event\"", null, event);
    HttpResponse<String> replay = post(again.file("attachments", "a.pdf", pdf("a")), "form-2");
    Form other = new Form("one").part("name=\"event\"", null, event);
    HttpResponse<String> conflict = post(other.file("attachments", "a.pdf", pdf("b")), "form-2");

    assertThat(replay.statusCode()).isEqualTo(202);
    assertThat(replay.headers().firstValue("Idempotent-Replay")).hasValue("true");
    assertThat(replay.body()).isEqualTo(taken.body());
    assertThat(conflict.statusCode()).isEqualTo(422);
  }

  @Test
  void a_form_of_a_foreign_page_is_refused_unread() throws Exception {
    long before = events();
    HttpResponse<String> noKey = post(Form.of(event("")), null);
    assertThat(noKey.statusCode()).isEqualTo(400);
    assertThat(noKey.body()).contains("idempotency-key-missing");
    assertThat(post(Form.of(event("")), " ").statusCode()).isEqualTo(400);
    for (String type : List.of("text/plain", "application/x-www-form-urlencoded", "x")) {
      assertThat(post(event("").getBytes(UTF_8), type, "k").statusCode()).as(type).isEqualTo(415);
    }
    assertThat(events()).isEqualTo(before);
  }

  @Test
  void what_is_wrong_with_a_file_is_named_like_in_json() throws Exception {
    Form form =
        Form.of(event(""))
            .file("attachments", "../../etc/passwd", pdf("a"))
            .file("attachments", "b.pdf", "MZ".getBytes(US_ASCII))
            .part("name=\"attachments\"; filename=\"c.exe\"", "application/x-dosexec", pdf("c"));
    assertThat(faults(post(form, "form-3")))
        .contains("/attachments/0/fileName")
        .contains("/attachments/1/content")
        .contains("/attachments/2/contentType");
    Form four = Form.of(event(""));
    for (int i = 0; i < 4; i++) {
      four.file("attachments", i + ".pdf", pdf("x"));
    }
    assertThat(faults(post(four, "form-4"))).contains("at most 3 entries");
    Form twice =
        Form.of(
                event(
                    ",\"document\":{\"id\":\"1\",\"fileName\":\"a.pdf\",\"contentType\":"
                        + "\"application/pdf\",\"content\":\"JVBERi0x\"}"))
            .file("document", "a.pdf", pdf("a"));
    assertThat(faults(post(twice, "form-5"))).contains("/document").contains("its file once");
  }

  @Test
  void a_form_that_holds_no_event_is_refused_with_the_sentence_why() throws Exception {
    Form none = new Form("x").file("attachments", "a.pdf", pdf("a"));
    assertThat(faults(post(none, "k"))).contains("a part \\\"event\\\"");
    Form two = Form.of(event("")).part("name=\"event\"", null, event("").getBytes(UTF_8));
    assertThat(faults(post(two, "k"))).contains("one part");
    Form foreign = Form.of(event("")).file("files", "a.pdf", pdf("a"));
    assertThat(faults(post(foreign, "k"))).contains("event, document or attachments");
    Form nameless = Form.of(event("")).part("name=\"attachments\"", null, pdf("a"));
    assertThat(faults(post(nameless, "k"))).contains("a file name");
    Form nested =
        Form.of(event(""))
            .part(
                "name=\"attachments\"; filename=\"a.pdf\"",
                "multipart/mixed; boundary=y",
                "--y\r\n\r\nx\r\n--y--".getBytes(US_ASCII));
    assertThat(faults(post(nested, "k"))).contains("a part that has parts");
    Form many = Form.of(event(""));
    for (int i = 0; i < 40; i++) {
      many.file("attachments", i + ".pdf", pdf("x"));
    }
    assertThat(faults(post(many, "k"))).contains("at most 27 parts");
    byte[] whole = Form.of(event("")).file("attachments", "a.pdf", pdf("abcdef")).end();
    byte[] cut = Arrays.copyOf(whole, whole.length - 20);
    String type = new Form("----7f3a").type();
    assertThat(faults(post(cut, type, "k"))).contains("the boundary it announces");
    assertThat(faults(post(new byte[0], type, "k"))).isNotEmpty();
    assertThat(faults(post(whole, "multipart/form-data", "k"))).isNotEmpty();
    Form longHeader = Form.of(event("")).file("attachments", "x".repeat(9_000), pdf("a"));
    assertThat(faults(post(longHeader, "k"))).isNotEmpty();
  }

  @Test
  void oversized_and_deeply_nested_forms_are_refused() throws Exception {
    HttpResponse<String> large =
        post(
            Form.of(event("")).file("attachments", "a.pdf", new byte[FormServer.BODY_BYTES_MAX]),
            "k");
    assertThat(large.statusCode()).isEqualTo(413);
    assertThat(large.body()).contains("at most " + FormServer.BODY_BYTES_MAX + " bytes");
    Form file = Form.of(event("")).file("attachments", "a.pdf", new byte[100_001]);
    assertThat(faults(post(file, "k"))).contains("a file of at most 100000 bytes");
    Form deep = Form.of("[".repeat(50_000) + "]".repeat(50_000));
    assertThat(faults(post(deep, "k"))).contains("nested at most 20 deep");
    // Whoever does not say how much comes is stopped when it was too much.
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server().port)) {
      socket.setSoTimeout(20_000);
      StringBuilder request = new StringBuilder("POST " + PATH + " HTTP/1.1\r\nHost: x\r\n");
      request.append("Content-Type: multipart/form-data; boundary=x\r\nIdempotency-Key: k\r\n");
      request.append("Transfer-Encoding: chunked\r\n\r\n");
      for (int i = 0; i < 11; i++) {
        request.append("5000\r\n").append("x".repeat(0x5000)).append("\r\n");
      }
      socket.getOutputStream().write(request.toString().getBytes(US_ASCII));
      String answer = new String(socket.getInputStream().readNBytes(12), ISO_8859_1);
      assertThat(answer).startsWith("HTTP/1.1 413");
    }
    assertThat(post(Form.of(event("")), "form-6").statusCode()).isEqualTo(202);
  }

  @Test
  void a_required_document_of_an_unknown_type_says_so_too() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:" + server().port + "/api/v1/events/EVTnone/multipart"))
            .header("Content-Type", new Form("x").type())
            .header("Idempotency-Key", "k")
            .POST(
                HttpRequest.BodyPublishers.ofByteArray(
                    new Form("x").part("name=\"event\"", null, new byte[] {'{', '}'}).end()))
            .build();
    assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(404);
  }
}
