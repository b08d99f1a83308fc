package dev.retour.messages;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever an event or a template writes wherever it may write: the mail has the fields, parts and
 * recipients of a harmless one, or there is no mail.
 */
class HeaderInjectionTest {
  private static final List<String> ATTACKS =
      List.of(
          "x\r\nBcc: spy@example.net",
          "x\nBcc: spy@example.net",
          "x\rBcc: spy@example.net",
          "x\r\n\tfolded\r\nBcc: spy@example.net",
          "x\u0000\r\nBcc: spy@example.net",
          "x\u000B\u000CBcc: spy@example.net",
          "x\u0085Bcc: spy@example.net",
          "x\u2028Bcc: spy@example.net\u2029",
          "x%0d%0aBcc: spy@example.net",
          "x=0D=0ABcc: spy@example.net",
          "=?utf-8?q?x=0D=0ABcc:_spy=40example.net?=",
          "=?utf-8?b?eA0KQmNjOiBzcHlAZXhhbXBsZS5uZXQ=?=",
          "x\r\n\r\n<script>body</script>",
          "x\r\nContent-Type: text/plain\r\n\r\nforged",
          "x\"; filename=\"y.exe",
          "x\r\n.\r\nMAIL FROM:<spy@example.net>\r\n",
          "\n.\nRCPT TO:<spy@example.net>\n",
          "x>\r\nRCPT TO:<spy@example.net",
          "x\uD83D\r\nBcc: spy@example.net",
          " \r\n ".repeat(200) + "Bcc: spy@example.net",
          "y".repeat(3_000) + "\r\nBcc: spy@example.net",
          "x\r\n--=_0\r\nContent-Type: text/html\r\n\r\nforged");

  /** What the schema refuses in any text: neither printed nor a line end. */
  private static final String CONTROLS = "(?s).*[\\x00\\x0B\\x0C\\x{85}\\p{Cs}].*";

  private static final String NAME_FIELD =
      "fields: [{id: name, type: string, required: true, maxLength: 100000}]";

  /** Where it may write. */
  private enum Place {
    SUBJECT,
    HEADER,
    HTML,
    TEXT,
    TEMPLATE_CONSTANT,
    CTX_OF_ALL
  }

  @TempDir private Path root;

  static Stream<Arguments> places() {
    return Stream.of(Place.values())
        .flatMap(place -> ATTACKS.stream().map(attack -> Arguments.of(place, attack)));
  }

  @ParameterizedTest
  @MethodSource("places")
  void no_template_output_adds_a_field_a_part_or_a_recipient(Place place, String attack)
      throws Exception {
    RenderedMail harmless = MessageFolder.renderName(type(place, "x"), "x");
    EventType type = type(place, attack);
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("email", "ada@example.org");
    body.putObject("ctx").put("name", attack);
    if (type.validate(body).isEmpty()) {
      assertSameShape(MessageFolder.render(type, body), harmless);
    } else {
      assertThat(attack).as("only a control character is refused at the door").matches(CONTROLS);
    }
  }

  @ParameterizedTest
  @MethodSource("fields")
  void no_field_of_the_request_does_either(String field, String attack) throws Exception {
    EventType type =
        new MessageFolder(root)
            .event(
                "document: {required: true, attachment: {required: true, contentTypes: [application/pdf]}}\n"
                    + NAME_FIELD)
            .load();
    ObjectNode body = body("ada@example.org", "report.pdf");
    RenderedMail harmless = MessageFolder.render(type, body);
    switch (field) {
      case "email" -> body.put("email", "ada@example.org" + attack);
      case "fileName" -> body.withObjectProperty("document").put("fileName", attack + ".pdf");
      case "contentType" ->
          body.withObjectProperty("document").put("contentType", "application/pdf" + attack);
      case "document" -> body.withObjectProperty("document").put("id", attack);
      case "cc" -> body.putArray("cc").add("carl@example.org" + attack);
      default -> throw new AssertionError(field);
    }
    if (type.validate(body).isEmpty()) {
      assertSameShape(MessageFolder.render(type, body), harmless);
    } else {
      assertThat(type.validate(body)).isNotEmpty(); // refused with its pointer: there is no mail
    }
  }

  static Stream<Arguments> fields() {
    return Stream.of("email", "fileName", "contentType", "document", "cc")
        .flatMap(field -> ATTACKS.stream().map(attack -> Arguments.of(field, attack)));
  }

  @ParameterizedTest
  @MethodSource("definitions")
  void a_definition_with_a_line_end_in_a_field_is_refused_or_harmless(String key, String attack)
      throws Exception {
    String yaml = com.fasterxml.jackson.databind.node.TextNode.valueOf(writable(attack)).toString();
    MessageFolder folder =
        new MessageFolder(root)
            .write(
                "EVTtest/event.yaml",
                MessageFolder.EVENT
                    .replace("2000000", "100000")
                    .replace(
                        "from: {address: shop@example.com, name: Shop}",
                        switch (key) {
                          case "name" -> "from: {address: shop@example.com, name: " + yaml + "}";
                          case "address" -> "from: {address: " + yaml + ", name: Shop}";
                          default ->
                              "from: {address: shop@example.com, name: Shop}\n" + key + ": " + yaml;
                        }));
    if (folder.faults().isEmpty()) {
      RenderedMail mail = MessageFolder.renderName(folder.load(), "x");
      assertThat(names(mail)).doesNotContain("bcc");
      assertThat(new ParsedMail(mail).message().getAllRecipients()).hasSize(1);
      assertThat(new ParsedMail(mail).message().getFrom()).hasSize(1);
    }
  }

  static Stream<Arguments> definitions() {
    return Stream.of("name", "address", "replyTo")
        .flatMap(key -> ATTACKS.stream().map(attack -> Arguments.of(key, attack)));
  }

  /** A file of UTF-8 cannot hold half a character. */
  private static String writable(String text) {
    return text.replace("\uD83D", "");
  }

  private static void assertSameShape(RenderedMail attacked, RenderedMail harmless)
      throws Exception {
    assertThat(names(attacked)).isEqualTo(names(harmless));
    ParsedMail mail = new ParsedMail(attacked);
    assertThat(mail.types()).isEqualTo(new ParsedMail(harmless).types());
    assertThat(mail.message().getAllRecipients()).hasSize(1);
    String raw = new String(attacked.raw(), ISO_8859_1);
    assertThat(raw.replace("\r\n", "")).doesNotContain("\r", "\n", "\u0000");
    assertThat(raw.split("\r\n", -1)).noneMatch("."::equals).allMatch(line -> line.length() < 999);
  }

  /** The names of the fields of the header, in order. */
  private static List<String> names(RenderedMail mail) {
    String raw = new String(mail.raw(), ISO_8859_1);
    return Stream.of(raw.substring(0, raw.indexOf("\r\n\r\n")).split("\r\n(?![ \t])", -1))
        .map(field -> field.substring(0, Math.max(0, field.indexOf(':'))).toLowerCase(Locale.ROOT))
        .toList();
  }

  /** A message that writes the name, or the text itself, in one place. */
  private EventType type(Place place, String constant) {
    MessageFolder folder = new MessageFolder(root).write("EVTtest/subject.txt", "Hello");
    folder.event(
        "headers: {X-Name: \""
            + (place == Place.HEADER || place == Place.CTX_OF_ALL ? "[=ctx.name]" : "x")
            + "\"}\n"
            + NAME_FIELD);
    switch (place) {
      case SUBJECT -> folder.write("EVTtest/subject.txt", "Hello [=ctx.name]");
      case HTML -> folder.html("<p>[=ctx.name]</p>");
      case TEXT -> folder.write("EVTtest/message.txt", "[=ctx.name]");
      case TEMPLATE_CONSTANT -> folder.write("EVTtest/subject.txt", "Hello " + writable(constant));
      case CTX_OF_ALL -> {
        folder.write("EVTtest/subject.txt", "Hello [=ctx.name]");
        folder.write("EVTtest/message.txt", "[=ctx.name]");
      }
      case HEADER -> folder.write("EVTtest/message.txt", "Dear");
    }
    return folder.load();
  }

  private static ObjectNode body(String email, String fileName) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("email", email);
    body.putObject("ctx").put("name", "x");
    ObjectNode document = body.putObject("document");
    document.put("id", "INV-1").put("fileName", fileName).put("contentType", "application/pdf");
    document.put("content", "JVBERi0xLjQKJSVFT0YK");
    return body;
  }
}
