package dev.retour.messages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retour.config.FileFault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A message that can be unsubscribed from: what it needs, and what its mails carry. */
class UnsubscribeMessageTest {
  private static final String FIELDS = "fields:\n  - {id: name, type: string, required: true}\n";
  private static final String NEWS = FIELDS + "unsubscribe: {category: newsletter}\n";
  private static final Map<String, String> URL =
      Map.of("unsubscribe.url", "https://mail.example.com");
  private static final JsonNode ANNA =
      MessageFolder.json("{\"email\":\"anna@example.com\",\"ctx\":{\"name\":\"Anna\"}}");

  @TempDir Path root;

  @Test
  void its_mails_carry_both_fields_and_may_show_the_link() {
    MessageFolder folder = new MessageFolder(root).event(NEWS);
    folder.html("<p><a href=\"[=unsubscribeUrl]\">Unsubscribe</a></p>");
    folder.write("EVTtest/message.txt", "Unsubscribe: [=unsubscribeUrl]");
    EventType type = load(folder);
    assertThat(type.category()).contains("newsletter");
    String mail = render(type, "https://mail.example.com/unsubscribe/token");
    assertThat(mail)
        .contains("\r\nList-Unsubscribe: <https://mail.example.com/unsubscribe/token>\r\n")
        .contains("\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
    String parts = mail.replace("=\r\n", "").replace("=3D", "=");
    assertThat(parts)
        .contains("<a href=\"https://mail.example.com/unsubscribe/token\">")
        .contains("Unsubscribe: https://mail.example.com/unsubscribe/token");
  }

  @Test
  void a_try_of_it_carries_a_link_that_unsubscribes_nobody() {
    String mail = render(load(new MessageFolder(root).event(NEWS)), null);
    assertThat(mail)
        .contains("List-Unsubscribe: <https://mail.example.com/unsubscribe/preview>\r\n");
  }

  @Test
  void other_mails_carry_no_such_field_and_have_no_such_link() {
    MessageFolder folder = new MessageFolder(root).event(FIELDS);
    assertThat(render(load(folder), null)).doesNotContain("List-Unsubscribe");
    folder.html("<p><a href=\"[=unsubscribeUrl]\">Unsubscribe</a></p>");
    assertThat(faults(folder).toString()).contains(":2: This link has no value");
  }

  @Test
  void nobody_unsubscribes_from_documents() {
    List<FileFault> faults =
        faults(new MessageFolder(root).event(NEWS + "document: {required: true}\n"));
    assertThat(faults).hasSize(1);
    assertThat(faults.get(0).file()).isEqualTo("EVTtest/event.yaml");
    assertThat(faults.get(0).line()).isEqualTo(6);
    assertThat(faults.get(0).text())
        .startsWith("A message with \"document\" cannot be unsubscribed from: its recipient has");
  }

  @Test
  void without_an_address_to_put_links_under_it_is_refused() {
    List<FileFault> faults =
        MessageLibrary.check(new MessageFolder(root).event(NEWS).config(Map.of()));
    assertThat(faults).extracting(FileFault::line).containsExactly(6);
    assertThat(faults.get(0).text()).contains("set unsubscribe.url first");
  }

  @Test
  void a_category_is_one_plain_word() {
    assertThat(faults(new MessageFolder(root).event(FIELDS + "unsubscribe: {category: a b}\n")))
        .hasSize(1)
        .first()
        .extracting(FileFault::text)
        .asString()
        .contains("must be letters, digits, - or _");
    assertThat(faults(new MessageFolder(root).event(FIELDS + "unsubscribe: {}\n")).toString())
        .contains("\"category\" is missing");
  }

  @Test
  void its_events_bring_no_further_recipients_who_could_unsubscribe_the_first() {
    EventType type = load(new MessageFolder(root).event(NEWS));
    List<PayloadFault> faults =
        type.validate(
            MessageFolder.json(
                "{\"email\":\"a@example.com\",\"ctx\":{\"name\":\"A\"},"
                    + "\"cc\":[\"b@example.com\"],\"bcc\":[\"c@example.com\"]}"));
    assertThat(faults).extracting(PayloadFault::pointer).containsExactly("/bcc", "/cc");
    assertThat(faults.get(0).toString()).contains("could unsubscribe the first");
    assertThat(type.jsonSchema().path("properties").has("cc")).isFalse();
  }

  @Test
  void the_name_of_the_link_cannot_be_given_to_another_one() {
    MessageFolder folder = new MessageFolder(root).event(NEWS);
    folder.html(
        "[#assign unsubscribeUrl = ctx.name]<p><a href=\"[=unsubscribeUrl]\">Unsubscribe</a></p>");
    folder.write(
        "EVTtest/test-profiles/evil.json",
        "{\"email\":\"a@example.com\",\"ctx\":{\"name\":\"https://evil.example/\"}}");
    assertThat(faults(folder).toString()).contains("A link may lead only to");
  }

  private static EventType load(MessageFolder folder) {
    return MessageLibrary.load(folder.config(URL)).find("EVTtest").orElseThrow();
  }

  private static List<FileFault> faults(MessageFolder folder) {
    return MessageLibrary.check(folder.config(URL));
  }

  private static String render(EventType type, String link) {
    EventPayload payload = type.payload(ANNA);
    RenderRequest request =
        new RenderRequest(
            payload.email(),
            List.of(),
            payload.ctx(),
            null,
            List.of(),
            "<1.test@retour.example>",
            Instant.parse("2026-11-21T08:00:00Z"),
            "",
            link);
    return new String(type.render(request).raw(), StandardCharsets.UTF_8);
  }
}
