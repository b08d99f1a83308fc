package dev.retour.messages;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may come in. */
class PayloadTest {
  private static final MessageLibrary LIBRARY = MessageLibrary.load(Path.of("messages"));
  private static final EventType INVOICE = LIBRARY.find("EVTinvoiceIssued").orElseThrow();
  private static final EventType CART = LIBRARY.find("EVTcartAbandonment").orElseThrow();

  private static List<String> pointers(EventType type, ObjectNode body) {
    return type.validate(body).stream().map(PayloadFault::pointer).toList();
  }

  private static ObjectNode cart() {
    return CART.sample().deepCopy();
  }

  private static ObjectNode ctx(ObjectNode body) {
    return body.withObjectProperty("ctx");
  }

  @Test
  void all_faults_are_named_at_once_by_their_pointers() {
    ObjectNode body = cart();
    body.put("email", "Ada <ada@example.org>");
    body.put("colour", "red");
    ctx(body).put("firstNam/e", "Ada").remove("cartId");
    ((ObjectNode) body.at("/ctx/items/1")).put("quantity", "two").put("weight", 3);
    ((ObjectNode) body.at("/ctx/items/0/price")).put("currency", "EURO");
    assertThat(pointers(CART, body))
        .containsExactly(
            "/colour",
            "/ctx/cartId",
            "/ctx/firstNam~1e",
            "/ctx/items/0/price/currency",
            "/ctx/items/1/quantity",
            "/ctx/items/1/weight",
            "/email");
  }

  @Test
  void an_event_may_ask_for_a_redelivery_of_its_own_within_bounds() {
    ObjectNode body = cart();
    ObjectNode asked = body.withObjectProperty("redelivery");
    asked.put("preset", "short-lived").put("attempts", 3).put("spacing", "30s");
    asked.put("duration", "2h");
    assertThat(CART.validate(body)).isEmpty();
    assertThat(CART.payload(body).redelivery()).isEqualTo(asked);

    asked.put("attempts", 101).put("spacing", "0s").put("duration", "61d").put("forever", true);
    assertThat(pointers(CART, body))
        .containsExactly(
            "/redelivery/attempts",
            "/redelivery/duration",
            "/redelivery/forever",
            "/redelivery/spacing");
    asked.put("spacing", "soon").put("duration", "999999999999d").put("attempts", 1.5);
    assertThat(pointers(CART, body))
        .contains("/redelivery/attempts", "/redelivery/duration", "/redelivery/spacing");
  }

  @Test
  void a_fault_says_what_is_expected_and_what_was_found() {
    ObjectNode body = cart();
    ((ObjectNode) body.at("/ctx/items/1")).put("quantity", "two");
    assertThat(CART.validate(body))
        .containsExactly(new PayloadFault("/ctx/items/1/quantity", "a whole number", "\"two\""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nobody",
        "a@b",
        "a@@example.org",
        "a b@example.org",
        "a@example.org\r\nBcc: b@example.org",
        "a@example.org, b@example.org",
        "Ada <a@example.org>",
        "\"a b\"@example.org",
        "a@[127.0.0.1]",
        "ä@example.org",
        "a@example.org."
      })
  void recipient_must_be_one_plain_address(String email) {
    ObjectNode body = cart();
    body.put("email", email);
    assertThat(pointers(CART, body)).contains("/email");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-21T08:30:00+01:00, 2026-11-21T07:30:00Z",
    "2026-11-21 08:30:00Z,      2026-11-21T08:30:00Z",
    "2026-11-21T08:30Z,         2026-11-21T08:30:00Z"
  })
  void times_are_iso_8601_with_or_without_the_letter_t(String text, Instant time) {
    ObjectNode body = cart();
    body.put("scheduled", text);
    assertThat(CART.payload(body).scheduled()).isEqualTo(time);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"2026-11-21T08:30:00", "2026-11-21", "tomorrow", "+999999999-01-01T00:00Z"})
  void a_time_without_offset_is_refused_instead_of_guessed(String text) {
    ObjectNode body = cart();
    body.put("expiration", text);
    assertThat(pointers(CART, body)).containsExactly("/expiration");
  }

  @Test
  void an_expiration_before_the_schedule_is_refused() {
    ObjectNode body = cart();
    body.put("scheduled", "2026-11-21T08:30:00Z").put("expiration", "2026-11-21T08:30:00Z");
    assertThat(pointers(CART, body)).containsExactly("/expiration");
  }

  @Test
  void links_must_lie_in_the_domains_of_the_event_type() {
    for (String link :
        List.of(
            "javascript:alert(1)",
            "https://evil.example.net/",
            "https://example.com.evil.net/",
            "https://example.com@evil.net/",
            "//example.com/x",
            "data:text/html,x")) {
      ObjectNode body = cart();
      ((ObjectNode) body.at("/ctx/items/0")).put("link", link);
      assertThat(pointers(CART, body)).as(link).containsExactly("/ctx/items/0/link");
    }
  }

  @Test
  void a_required_document_may_not_be_missing() {
    ObjectNode body = INVOICE.sample().deepCopy();
    body.withObjectProperty("document").remove(List.of("content", "id"));
    assertThat(pointers(INVOICE, body)).containsExactly("/document/content", "/document/id");
    body.remove("document");
    assertThat(pointers(INVOICE, body)).containsExactly("/document");
  }

  @Test
  void a_document_where_none_belongs_is_refused() {
    ObjectNode body = cart();
    body.putObject("document").put("id", "1");
    assertThat(pointers(CART, body)).containsExactly("/document");
  }

  @Test
  void an_attachment_must_be_what_it_says() {
    ObjectNode body = INVOICE.sample().deepCopy();
    ObjectNode document = body.withObjectProperty("document");
    document.put("content", Base64.getEncoder().encodeToString("MZ program".getBytes(US_ASCII)));
    assertThat(pointers(INVOICE, body)).containsExactly("/document/content");
    document.put("content", "no base64!");
    assertThat(pointers(INVOICE, body)).containsExactly("/document/content");
    document.put("content", Base64.getEncoder().encodeToString(new byte[5_000_001]));
    assertThat(pointers(INVOICE, body)).contains("/document/content");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../etc/passwd",
        "a/b.pdf",
        "C:\\x.pdf",
        ".htaccess",
        "x\r\nBcc: b@example.org.pdf",
        "invoice\u202efdp.exe",
        "x\u0000.pdf"
      })
  void a_file_name_is_only_a_name(String name) {
    ObjectNode body = INVOICE.sample().deepCopy();
    body.withObjectProperty("document").put("fileName", name);
    assertThat(pointers(INVOICE, body)).containsExactly("/document/fileName");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"email\":\"a@example.org\",\"email\":\"b@example.org\",\"ctx\":{}}",
        "{\"email\":",
        "",
        "{} {}",
        "{\"ctx\":{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]}}"
      })
  void what_is_no_single_modest_json_is_not_read(String body) {
    assertThat(MessageFolder.read(body)).isInstanceOf(PayloadReader.Reading.Unreadable.class);
  }

  @Test
  void other_json_than_an_object_is_refused() {
    for (String body : List.of("[]", "null", "7", "\"x\"")) {
      assertThat(CART.validate(MessageFolder.json(body))).as(body).isNotEmpty();
    }
  }

  @Test
  void a_body_over_the_limit_is_not_read() {
    assertThat(MessageFolder.read(" ".repeat(16_000_001)))
        .isInstanceOf(PayloadReader.Reading.Unreadable.class);
  }

  @Test
  void a_field_of_a_megabyte_is_refused_with_a_short_fault() {
    ObjectNode body = cart();
    ctx(body).put("firstName", "x".repeat(1_000_000));
    assertThat(CART.validate(body))
        .containsExactly(
            new PayloadFault(
                "/ctx/firstName", "a text of at most 60 characters", "1000000 characters"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e999999999", "1e-999999999", "-1e400", "1e30"})
  void a_number_that_would_fill_the_memory_is_refused(String number) {
    String body =
        "{\"email\":\"a@example.org\",\"ctx\":{\"cartId\":\"c\",\"total\":{\"amount\":"
            + number
            + ",\"currency\":\"EUR\"}}}";
    assertThat(CART.validate(MessageFolder.json(body)))
        .extracting(PayloadFault::pointer)
        .containsExactly("/ctx/total/amount");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\u0000", "\\ud800", "\\u001b"})
  void characters_no_database_can_keep_are_refused(String escaped) {
    String body = "{\"email\":\"a@example.org\",\"ctx\":{\"cartId\":\"x" + escaped + "\"}}";
    assertThat(CART.validate(MessageFolder.json(body)))
        .extracting(PayloadFault::pointer)
        .containsExactly("/ctx/cartId");
  }

  @Test
  void the_schema_names_what_is_required() {
    assertThat(INVOICE.jsonSchema().path("required").toString())
        .isEqualTo("[\"email\",\"ctx\",\"document\"]");
    assertThat(INVOICE.jsonSchema().at("/properties/ctx/additionalProperties").asBoolean(true))
        .isFalse();
  }
}
