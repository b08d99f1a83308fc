package dev.retour.messages;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.config.FileFault;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The files of an event: which may come, and that they reach the customer unchanged. */
class AttachmentsTest {
  private static final String FIELDS =
      """
      fields:
        - {id: name, type: string, required: true, maxLength: 100}
      """;
  private static final byte[] PDF = "%PDF-1.4 first".getBytes(US_ASCII);

  @TempDir private Path dir;
  private MessageFolder folder;

  @BeforeEach
  void open() {
    folder = new MessageFolder(dir);
  }

  private EventType type(String attachments) {
    return folder.event("attachments: " + attachments + "\n" + FIELDS).load();
  }

  private static ObjectNode body() {
    return (ObjectNode)
        MessageFolder.json("{\"email\":\"ada@example.org\",\"ctx\":{\"name\":\"Ada\"}}");
  }

  private static ObjectNode file(ObjectNode body, String name, String contentType, byte[] bytes) {
    ArrayNode files = body.withArrayProperty("attachments");
    ObjectNode file = files.addObject().put("fileName", name).put("contentType", contentType);
    return file.put("content", Base64.getEncoder().encodeToString(bytes));
  }

  private static List<String> faults(EventType type, JsonNode body) {
    return type.validate(body).stream().map(PayloadFault::toString).toList();
  }

  @Test
  void several_files_travel_in_order_byte_by_byte() throws Exception {
    EventType type = type("{contentTypes: [application/pdf, text/csv]}");
    ObjectNode body = body();
    file(body, "Rechnung Müller.pdf", "application/pdf", PDF);
    byte[] every = new byte[100_000];
    for (int i = 0; i < every.length; i++) {
      every[i] = (byte) (i * 31 + i / 256);
    }
    file(body, "list.csv", "text/csv", every);
    assertThat(type.validate(body)).isEmpty();

    ParsedMail mail = new ParsedMail(MessageFolder.render(type, body));
    assertThat(mail.types())
        .containsExactly("text/plain", "text/html", "application/pdf", "text/csv");
    assertThat(mail.fileName("application/pdf")).isEqualTo("Rechnung Müller.pdf");
    assertThat(mail.fileName("text/csv")).isEqualTo("list.csv");
    assertThat(mail.bytes("application/pdf")).isEqualTo(PDF);
    assertThat(mail.bytes("text/csv")).isEqualTo(every);
  }

  @Test
  void without_one_that_is_required_there_is_no_mail() {
    EventType type = type("{required: true, contentTypes: [application/pdf]}");
    assertThat(faults(type, body()))
        .containsExactly("/attachments: expected a value; it is required, found nothing");
    ObjectNode none = body();
    none.putArray("attachments");
    assertThat(faults(type, none))
        .containsExactly("/attachments: expected at least one entry, found none");
    ObjectNode empty = body();
    file(empty, "a.pdf", "application/pdf", new byte[0]);
    assertThat(faults(type, empty)).hasSize(1).first().asString().startsWith("/attachments/0/co");
  }

  @Test
  void number_and_lengths_are_bounded_one_by_one_and_together() {
    EventType type =
        type("{max: 2, bytesMax: 20, totalBytesMax: 25, contentTypes: [application/pdf]}");
    ObjectNode many = body();
    for (int i = 0; i < 3; i++) {
      file(many, i + ".pdf", "application/pdf", "%PDF-1".getBytes(US_ASCII));
    }
    assertThat(faults(type, many))
        .containsExactly("/attachments: expected at most 2 entries, found 3 entries");
    ObjectNode together = body();
    file(together, "a.pdf", "application/pdf", PDF);
    file(together, "b.pdf", "application/pdf", PDF);
    assertThat(faults(type, together))
        .containsExactly(
            "/attachments: expected files of at most 25 bytes together, found 28 bytes");
    ObjectNode one = body();
    file(one, "a.pdf", "application/pdf", "%PDF-1.4 123456789012".getBytes(US_ASCII));
    assertThat(faults(type, one))
        .containsExactly(
            "/attachments/0/content: expected a file of at most 20 bytes, found 21 bytes");
  }

  @Test
  void each_name_stands_once_in_a_mail_and_is_only_a_name() {
    EventType type = type("{contentTypes: [application/pdf]}");
    ObjectNode body = body();
    file(body, "a.pdf", "application/pdf", PDF);
    file(body, "A.PDF", "application/pdf", PDF);
    file(body, "../../b.pdf", "application/pdf", PDF);
    assertThat(type.validate(body))
        .extracting(PayloadFault::pointer)
        .containsExactly("/attachments/1/fileName", "/attachments/2/fileName");
  }

  @ParameterizedTest
  @CsvSource({
    "application/pdf, 255044462d312e34, 89504e470d0a1a0a00",
    "image/png, 89504e470d0a1a0a00, 255044462d312e34",
    "image/jpeg, ffd8ffe000, 89504e470d0a1a0a00",
    "image/gif, 47494638396101, 47494638386101",
    "application/zip, 504b03041400, 526172211a07",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet, 504b03041400, d0cf11e0a1b1",
    "application/vnd.oasis.opendocument.text, 504b03041400, 3c3f786d6c",
    "application/xml, efbbbf3c3f786d6c, 7b226122",
    "application/xml, fffe3c003f00, 4d5a9000",
    "image/svg+xml, 0a203c737667, 89504e470d0a1a0a00"
  })
  void a_file_begins_as_its_type_says(String contentType, String right, String wrong) {
    EventType type = type("{contentTypes: [" + contentType + "]}");
    ObjectNode body = body();
    file(body, "a.bin", contentType, HexFormat.of().parseHex(right));
    file(body, "b.bin", contentType, HexFormat.of().parseHex(wrong));
    assertThat(faults(type, body))
        .containsExactly(
            "/attachments/1/content: expected a file of type "
                + contentType
                + ", found a file that begins otherwise");
  }

  @Test
  void another_type_than_the_declared_ones_is_refused() {
    ObjectNode body = body();
    file(body, "a.exe", "application/x-msdownload", "MZ".getBytes(US_ASCII));
    assertThat(faults(type("{contentTypes: [application/pdf]}"), body))
        .hasSize(1)
        .first()
        .asString()
        .startsWith("/attachments/0/contentType: expected one of application/pdf");
  }

  @Test
  void files_where_none_belong_are_refused() {
    ObjectNode body = body();
    file(body, "a.pdf", "application/pdf", PDF);
    assertThat(folder.load().validate(body))
        .extracting(PayloadFault::pointer)
        .containsExactly("/attachments");
  }

  @Test
  void a_file_is_brought_or_named_and_only_from_a_store_the_type_allows() {
    EventType type = type("{contentTypes: [application/pdf], stores: [archive]}");
    ObjectNode body = body();
    ObjectNode both = file(body, "a.pdf", "application/pdf", PDF);
    both.putObject("reference").put("store", "archive").put("key", "a.pdf");
    ObjectNode neither = file(body, "b.pdf", "application/pdf", PDF);
    neither.remove("content");
    ObjectNode foreign = file(body, "c.pdf", "application/pdf", PDF);
    foreign.remove("content");
    foreign.putObject("reference").put("store", "other").put("key", "a.pdf").put("url", "http://");
    assertThat(type.validate(body))
        .extracting(PayloadFault::pointer)
        .containsExactly(
            "/attachments/0/content",
            "/attachments/1/content",
            "/attachments/2/reference/store",
            "/attachments/2/reference/url");

    ObjectNode unasked = body();
    ObjectNode named = file(unasked, "a.pdf", "application/pdf", PDF);
    named.remove("content");
    named.putObject("reference").put("store", "archive").put("key", "a.pdf");
    assertThat(type("{contentTypes: [application/pdf]}").validate(unasked))
        .extracting(PayloadFault::pointer)
        .containsExactly("/attachments/0/content", "/attachments/0/reference");
  }

  @Test
  void a_named_file_is_held_against_the_same_limits() {
    EventType type =
        type("{bytesMax: 20, totalBytesMax: 25, contentTypes: [application/pdf], stores: [s]}");
    ObjectNode body = body();
    file(body, "a.pdf", "application/pdf", PDF);
    ObjectNode named = file(body, "b.pdf", "application/pdf", PDF);
    named.remove("content");
    named.putObject("reference").put("store", "s").put("key", "b");
    assertThat(type.validate(body)).isEmpty();
    FileReference reference = new FileReference("/attachments/1/reference", "s", "b", 20);
    assertThat(type.references(body)).containsExactly(reference);

    assertThat(type.fetchedFaults(body, Map.of(reference.pointer(), PDF)))
        .extracting(PayloadFault::pointer)
        .containsExactly("/attachments");
    assertThat(type.fetchedFaults(body, Map.of(reference.pointer(), "MZ".getBytes(US_ASCII))))
        .extracting(PayloadFault::pointer)
        .containsExactly("/attachments/1/reference");
    byte[] small = "%PDF-1.7".getBytes(US_ASCII);
    EventPayload event = EventType.unchecked(body, Map.of(reference.pointer(), small));
    assertThat(event.attachments()).extracting(Attachment::bytes).containsExactly(PDF, small);
  }

  @Test
  void sample_profiles_and_schema_know_them() {
    folder.write(
        "EVTtest/test-profiles/sample.json",
        """
        {"email": "ada@example.org", "ctx": {"name": "Ada"},
         "attachments": [
           {"fileName": "a.pdf", "contentType": "application/pdf"},
           {"fileName": "b.png", "contentType": "image/png",
            "reference": {"store": "archive", "key": "2026/b.png"}}]}
        """);
    EventType type =
        type("{required: true, contentTypes: [image/png, application/pdf], stores: [archive]}");
    assertThat(type.validate(type.sample())).isEmpty();
    assertThat(EventType.unchecked(type.sample()).attachments())
        .extracting(Attachment::fileName)
        .containsExactly("a.pdf", "b.png");
    assertThat(
            type.render(
                    RenderRequest.of(
                        EventType.unchecked(type.sample()), "<1@x.example>", Instant.EPOCH))
                .raw())
        .isNotEmpty();
    JsonNode schema = type.jsonSchema();
    assertThat(schema.path("required").toString()).contains("attachments");
    assertThat(schema.at("/properties/attachments/items/properties/reference/required").toString())
        .isEqualTo("[\"store\",\"key\"]");
  }

  @Test
  void what_an_event_type_cannot_mean_is_named() {
    folder.event(
        """
        attachments:
          max: 99
          bytesMax: 20000000
          totalBytesMax: 10
          contentTypes: [message/rfc822]
          stores: ["../x"]
          colour: red
        """
            + FIELDS);
    assertThat(folder.faults())
        .extracting(FileFault::text)
        .anyMatch(text -> text.contains("\"max\""))
        .anyMatch(text -> text.contains("\"totalBytesMax\" must not be less"))
        .anyMatch(text -> text.contains("message/rfc822"))
        .anyMatch(text -> text.contains("../x"))
        .anyMatch(text -> text.contains("Unknown key \"colour\""));
  }
}
