package dev.retour.messages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.config.FileFault;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What event.yaml says about other databases, and how a message is tried without asking them. */
class EnrichmentFileTest {
  private static final String EVENT =
      """
      languages: {from: [customer.language], else: en}
      fields:
        - {id: name, type: string, required: true}
        - {id: total, type: money}
      collections:
        - id: products
          fields:
            - {id: sku, type: string, required: true}
          enrichment:
            - id: catalog
              source: erp
              join: sku
              sql: SELECT sku, link FROM product WHERE sku = ANY(:sku)
              ifMissing: empty
              fields:
                - {id: link, type: url, required: true, domains: [shop.example]}
      enrichment:
        - id: customer
          source: erp
          sql: SELECT mail, city, language FROM customer WHERE name = :name
          fields:
            - {id: mail, type: e-mail, required: true}
            - {id: city, type: string}
            - {id: language, type: string}
      recipient: {enrichment: customer, field: mail}
      """;

  @TempDir Path root;
  private MessageFolder folder;

  @BeforeEach
  void folder() {
    folder = new MessageFolder(root).event(EVENT);
  }

  private List<String> texts() {
    return folder.faults().stream().map(fault -> fault.line() + " " + fault.text()).toList();
  }

  private RenderedMail preview(String profile) {
    MessagePreview.Sample sample = sample(profile);
    EventPayload event = sample.event();
    return sample
        .type()
        .render(
            new RenderRequest(
                event.email(),
                event.ctx(),
                event.document(),
                "<1.test@retour.example>",
                java.time.Instant.EPOCH));
  }

  private MessagePreview.Sample sample(String profile) {
    folder.write("EVTtest/test-profiles/one.json", profile);
    assertThat(folder.faults()).isEmpty();
    EventType type = folder.load();
    return new MessagePreview.Sample(type, type.event(TestProfile.of(MessageFolder.json(profile))));
  }

  @Test
  void a_profile_says_what_other_databases_would_say() {
    folder.html(
        "<p>[=ctx.name] in [=ctx.customer.city!\"the world\"]</p>"
            + "[#list ctx.products as p][#if p.catalog.link??]<a href=\"[=p.catalog.link]\">x</a>"
            + "[/#if][/#list]");
    RenderedMail mail =
        preview(
            """
            {"ctx": {"name": "Ann", "products": [{"sku": "A"}, {"sku": "B"}]},
             "enriched": {
               "customer": {"mail": "ann@example.com", "city": "Ulm", "language": "de"},
               "products": [{}, {"catalog": {"link": "https://shop.example/B"}}]}}
            """);
    String raw = new String(mail.raw(), java.nio.charset.StandardCharsets.US_ASCII);
    assertThat(raw).contains("To: ann@example.com", "Ann in Ulm", "https://shop.example/B");
    assertThat(folder.load().sample().toString()).doesNotContain("enriched", "email");
  }

  @Test
  void what_a_profile_leaves_out_is_generated_or_empty_as_the_message_allows() {
    EventPayload event = sample("{\"ctx\": {\"name\": \"Ann\"}, \"enriched\": {}}").event();
    assertThat(event.email()).isEqualTo("customer@example.com");
    assertThat(event.ctx().path("customer").has("city")).isTrue();
    event = sample("{\"ctx\": {\"name\": \"Ann\", \"products\": [{\"sku\": \"A\"}]}}").event();
    assertThat(event.ctx().at("/products/0/catalog/link").asText()).contains("shop.example");
  }

  @Test
  void wrong_values_of_a_profile_are_faults() {
    folder.write(
        "EVTtest/test-profiles/one.json",
        """
        {"ctx": {"name": "Ann", "products": [{"sku": "A"}]},
         "enriched": {"customer": {"mail": "nobody", "town": "Ulm"}, "stock": {},
                      "products": [{"catalog": {"link": "https://evil.example/"}}]}}
        """);
    assertThat(folder.faults())
        .extracting(FileFault::text)
        .anyMatch(text -> text.startsWith("/enriched/customer/mail: expected one mail address"))
        .anyMatch(text -> text.startsWith("/enriched/customer/town: expected no such field"))
        .anyMatch(text -> text.startsWith("/enriched/stock: expected the id of an enrichment"))
        .anyMatch(text -> text.startsWith("/enriched/products/0/catalog/link"));
  }

  @Test
  void a_template_that_forgets_that_nothing_may_be_found_is_refused() {
    folder.html("[#list ctx.products as p]<a href=\"[=p.catalog.link]\">x</a>[/#list]");
    folder.write(
        "EVTtest/test-profiles/empty.json",
        "{\"ctx\": {\"name\": \"A\", \"products\": [{\"sku\": \"A\"}]}, \"enriched\": {}}");
    assertThat(texts()).anyMatch(text -> text.contains("This link has no value; ask first"));
    folder.html("<p>[=ctx.customer.city]</p>");
    assertThat(texts())
        .anyMatch(text -> text.contains("ctx.customer.city") && text.contains("only required"));
  }

  @Test
  void the_recipient_is_no_part_of_the_schema_of_a_profile_event() {
    assertThat(folder.faults()).isEmpty();
    EventType type = folder.load();
    assertThat(type.jsonSchema().at("/properties").has("email")).isFalse();
    assertThat(type.jsonSchema().at("/properties/ctx/properties").has("customer")).isFalse();
    assertThat(type.validate(type.sample())).isEmpty();
    assertThat(type.sources()).containsExactly("erp");
  }

  @Test
  void each_mistake_is_named_with_its_line() {
    folder.event(
        """
        fields:
          - {id: name, type: string}
          - {id: total, type: money}
          - {id: customer, type: string}
        collections:
          - id: products
            fields:
              - {id: sku, type: string}
            enrichment:
              - {id: c, source: erp, join: nam, sql: "SELECT 1 WHERE 1 = :name", fields: [{id: a, type: string}]}
        enrichment:
          - {id: customer, source: erp, sql: "DELETE FROM x", fields: []}
          - {id: a, source: erp, sql: "SELECT :total, :city", fields: [{id: mail, type: email}], ifMissing: empty}
          - {id: a, source: erp, sql: "SELECT 1", fields: [{id: x, type: string}], waitUpTo: 1h, retries: 3}
        recipient: {enrichment: a, field: mail}
        retention: 1h
        """);
    assertThat(texts())
        .anyMatch(text -> text.startsWith("13 ") && text.contains("\"join\" names a field"))
        .anyMatch(text -> text.startsWith("13 ") && text.contains("= ANY(:nam)"))
        .anyMatch(text -> text.startsWith("15 ") && text.contains("begins with SELECT"))
        .anyMatch(text -> text.startsWith("15 ") && text.contains("names the \"fields\""))
        .anyMatch(text -> text.startsWith("16 ") && text.contains("no field for :"))
        .anyMatch(text -> text.startsWith("17 ") && text.contains("defined twice"))
        .anyMatch(text -> text.startsWith("17 ") && text.contains("Without a parameter"))
        .anyMatch(text -> text.startsWith("17 ") && text.contains("belong to \"ifMissing: wait\""))
        .anyMatch(text -> text.startsWith("17 ") && text.contains("retries"))
        .anyMatch(text -> text.contains("The id \"customer\" is taken."))
        .anyMatch(text -> text.contains("type email with required: true"))
        .anyMatch(text -> text.contains("The recipient cannot be empty"))
        .anyMatch(text -> text.startsWith("19 ") && text.contains("at least 1d"));
  }

  @Test
  void labels_are_shown_in_the_language_of_the_mail_and_in_the_schema() {
    folder.event(
        """
        languageField: language
        fields:
          - {id: language, type: string}
          - id: size
            type: string
            required: true
            values: [{value: S, label: {en: Small, de: Klein}}, {value: M, label: Medium}, L]
        """);
    folder.write("EVTtest/subject.txt", "[=ctx.size] [=ctx.size.label]");
    folder.write("EVTtest/subject.de.txt", "de [=ctx.size] [=ctx.size.label]");
    folder.write("EVTtest/message.de.html", "<html><body>[=ctx.size]</body></html>");
    folder.write("EVTtest/message.html", "<html><body>[=ctx.size]</body></html>");
    folder.write("EVTtest/message.txt", "[=ctx.size]");
    assertThat(folder.faults()).isEmpty();
    EventType type = folder.load();
    for (Map.Entry<String, String> each :
        Map.of("S", "S Small", "M", "M Medium", "L", "L L").entrySet()) {
      assertThat(subject(type, each.getKey(), "en")).isEqualTo(each.getValue());
    }
    assertThat(subject(type, "S", "de-AT")).isEqualTo("de S Klein");
    assertThat(type.jsonSchema().at("/properties/ctx/properties/size/description").asText())
        .isEqualTo("S: Small; M: Medium");
    assertThat(type.jsonSchema().at("/properties/ctx/properties/size/enum").toString())
        .isEqualTo("[\"S\",\"M\",\"L\"]");
  }

  private static String subject(EventType type, String size, String language) {
    String body = "{\"email\":\"a@example.com\",\"ctx\":{\"size\":\"%s\",\"language\":\"%s\"}}";
    return MessageFolder.render(type, MessageFolder.json(body.formatted(size, language))).subject();
  }
}
