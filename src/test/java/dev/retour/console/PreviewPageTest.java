package dev.retour.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.support.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a mail would look like, before anybody gets it. */
class PreviewPageTest {
  private static final String CART = "EVTcartAbandonment";

  @TempDir Path root;
  private final Jdbi jdbi = TestDatabase.fresh();

  @Test
  void a_profile_is_shown_at_two_widths_with_header_text_and_source() {
    PreviewPage page = new ConsoleFixture(jdbi).previewPage();
    String shown = text(page.page(CART, "profile=sample&lang=de", null));
    assertThat(shown)
        .contains("HTML in der Breite eines Telefons", "class=\"phone\"", "class=\"desk\"")
        .contains("/console/messages/" + CART + "/preview/html?profile=sample")
        .contains("Auto-Submitted", "multipart/alternative");
    assertThat(shown.split("<iframe", -1)).hasSize(3);
    assertThat(Jsoup.parse(shown).select(".tree li").eachText())
        .satisfiesExactly(
            whole -> assertThat(whole).isEqualTo("multipart/alternative"),
            text -> assertThat(text).startsWith("text/plain "),
            html -> assertThat(html).startsWith("text/html ").endsWith("Bytes"));
    assertThat(Jsoup.parse(shown).select(".tree .d1")).hasSize(2);
  }

  @Test
  void the_html_is_locked_in() {
    Answer html = new ConsoleFixture(jdbi).previewPage().html(CART, "profile=sample");
    assertThat(text(html)).contains("<html");
    assertThat(html.headers().get("Content-Security-Policy"))
        .contains("default-src 'none'", "sandbox");
  }

  @Test
  void the_mail_itself_can_be_had_and_what_a_template_shows_is_escaped() throws Exception {
    Path folder = Files.createDirectories(root.resolve("EVTx/test-profiles"));
    Files.writeString(
        root.resolve("EVTx/event.yaml"),
        """
        id: EVTx
        description: A test.
        from: {address: a@example.com, name: A}
        fields:
          - {id: name, type: string, required: true}
        """);
    Files.writeString(root.resolve("EVTx/subject.txt"), "For [=ctx.name]");
    Files.writeString(
        root.resolve("EVTx/message.html"), "<html><body><p>[=ctx.name]</p></body></html>");
    Files.writeString(
        folder.resolve("evil.json"),
        "{\"email\":\"b@example.com\",\"ctx\":{\"name\":\"<script>alert(1)</script>\"}}");
    PreviewPage page =
        new ConsoleFixture(jdbi, Map.of("messages.folder", root.toString())).previewPage();
    Answer raw = page.raw("EVTx", "profile=evil");
    assertThat(raw.contentType()).isEqualTo("message/rfc822");
    assertThat(text(raw)).contains("To: b@example.com", "&lt;script&gt;");
    assertThat(text(page.page("EVTx", "profile=evil", null))).doesNotContain("<script>alert");
  }

  @Test
  void what_other_databases_would_say_is_shown_without_asking_them() throws Exception {
    Path folder = Files.createDirectories(root.resolve("EVTx/test-profiles"));
    Files.writeString(
        root.resolve("EVTx/event.yaml"),
        """
        id: EVTx
        description: A test.
        from: {address: a@example.com, name: A}
        fields:
          - {id: customerId, type: integer, required: true}
        enrichment:
          - id: customer
            source: nowhere
            sql: SELECT name, mail FROM customer WHERE id = :customerId
            fields:
              - {id: name, type: string}
              - {id: mail, type: e-mail, required: true}
        recipient: {enrichment: customer, field: mail}
        """);
    Files.writeString(root.resolve("EVTx/subject.txt"), "For [=ctx.customer.name!\"you\"]");
    Files.writeString(root.resolve("EVTx/message.html"), "<html><body>Hi.</body></html>");
    Files.writeString(
        folder.resolve("ann.json"),
        """
        {"ctx": {"customerId": 7},
         "enriched": {"customer": {"name": "Ann", "mail": "ann@example.com"}}}
        """);
    Files.writeString(folder.resolve("plain.json"), "{\"ctx\": {\"customerId\": 7}}");
    PreviewPage page =
        new ConsoleFixture(jdbi, Map.of("messages.folder", root.toString())).previewPage();
    assertThat(text(page.raw("EVTx", "profile=ann")))
        .contains("To: ann@example.com", "Subject: For Ann");
    assertThat(text(page.page("EVTx", "profile=ann", null))).contains("For Ann");
    assertThat(text(page.raw("EVTx", "profile=plain"))).contains("To: customer@example.com");
  }

  @Test
  void what_is_not_there_is_said_to_be_missing() {
    PreviewPage page = new ConsoleFixture(jdbi).previewPage();
    assertThat(page.raw(CART, "profile=nobody").status()).isEqualTo(400);
    assertThat(text(page.raw(CART, "profile=nobody"))).contains("there are ", "sample");
    assertThat(page.raw(CART, "profile=../../event").status()).isEqualTo(400);
    assertThat(page.raw(CART, "version=7").status()).isEqualTo(400);
    assertThat(page.raw("../" + CART, "").status()).isEqualTo(400);
    assertThat(page.raw("EVTnone", "").status()).isEqualTo(422);
  }

  private static String text(Answer answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }
}
