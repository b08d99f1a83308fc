package dev.retour.messages;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The octets of a mail, whatever is in the event. */
class MimeTest {
  @TempDir Path root;

  private static void conforms(RenderedMail mail) {
    String raw = new String(mail.raw(), ISO_8859_1);
    assertThat(raw.chars())
        .allMatch(c -> c == '\r' || c == '\n' || c == '\t' || (c > 31 && c < 127));
    assertThat(raw.replace("\r\n", "")).doesNotContain("\r", "\n");
    assertThat(raw.split("\r\n", -1))
        .allMatch(line -> line.length() <= 998)
        .noneMatch(line -> line.startsWith("."));
    assertThat(raw.substring(0, raw.indexOf("\r\n\r\n")).split("\r\n", -1))
        .allMatch(line -> line.length() <= 120)
        .noneMatch(String::isBlank);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Ada",
        "Jürgen Müßig-Öztürk",
        "李小龍",
        "👩‍👩‍👧‍👦 family 🏳️‍🌈",
        "عبد الرحمن",
        "שלום \u202eabc",
        "=?UTF-8?B?QmNjOiBzcHlAZXhhbXBsZS5uZXQ=?=",
        "a,b;c:d<e>@f \"g\" \\h (i)",
        "=20=\r\n.\r\n.dot\n--=_x\nFrom here",
        "trailing   ",
      })
  void any_name_arrives_as_it_was_written(String name) throws Exception {
    RenderedMail rendered = MessageFolder.renderName(new MessageFolder(root).load(), name);
    conforms(rendered);
    ParsedMail mail = new ParsedMail(rendered);
    assertThat(mail.text("text/plain")).isEqualTo("Dear " + name.replace("\r\n", "\n"));
    assertThat(mail.message().getSubject()).isEqualTo(rendered.subject());
    assertThat(rendered.subject()).isEqualTo("Hello " + name.replaceAll("[ \r\n]+", " ").strip());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x\r\nBcc: spy@example.net",
        "x\nBcc: spy@example.net",
        "x\rBcc: spy@example.net",
        "x\u2028Bcc: spy@example.net",
        "x\u0085Bcc: spy@example.net",
        "x\r\n\r\n<html>body</html>",
      })
  void no_field_can_add_a_header(String name) throws Exception {
    EventType type =
        new MessageFolder(root)
            .event(
                "headers: {X-Name: \"[=ctx.name]\"}\n"
                    + "fields: [{id: name, type: string, required: true}]")
            .load();
    RenderedMail rendered = MessageFolder.renderName(type, name);
    conforms(rendered);
    ParsedMail mail = new ParsedMail(rendered);
    assertThat(mail.message().getHeader("Bcc")).isNull();
    assertThat(mail.message().getAllRecipients()).hasSize(1);
    assertThat(mail.types()).containsExactly("text/plain", "text/html");
    assertThat(rendered.subject()).startsWith("Hello x ");
  }

  @Test
  void a_long_subject_is_folded_and_cut() throws Exception {
    RenderedMail mail = MessageFolder.renderName(new MessageFolder(root).load(), "ä".repeat(5_000));
    conforms(mail);
    assertThat(mail.subject()).hasSize(251).endsWith("…");
    assertThat(new ParsedMail(mail).message().getSubject()).isEqualTo(mail.subject());
    conforms(MessageFolder.renderName(new MessageFolder(root).load(), "x".repeat(5_000)));
  }

  @Test
  void a_field_of_100_kilobytes_without_a_space_keeps_all_lines_short() throws Exception {
    String name = "ß".repeat(50_000) + ".".repeat(40_000);
    RenderedMail rendered = MessageFolder.renderName(new MessageFolder(root).load(), name);
    conforms(rendered);
    assertThat(new ParsedMail(rendered).text("text/plain")).isEqualTo("Dear " + name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Rechnung für Öztürk.pdf",
        "請求書.pdf",
        "a;b=c 'd' % e.pdf",
        "ein sehr langer Name mit vielen Wörtern, der nicht in eine Zeile paßt, und noch mehr.pdf",
      })
  void any_file_name_arrives_as_it_was_written(String name) throws Exception {
    EventType invoice =
        MessageLibrary.load(Path.of("messages")).find("EVTinvoiceIssued").orElseThrow();
    ObjectNode body = invoice.sample().deepCopy();
    body.withObjectProperty("document").put("fileName", name);
    RenderedMail rendered = MessageFolder.render(invoice, body);
    conforms(rendered);
    System.setProperty("mail.mime.decodeparameters", "true");
    assertThat(new ParsedMail(rendered).fileName("application/pdf")).isEqualTo(name);
  }

  @Test
  void the_text_part_is_derived_from_the_html_when_there_is_none() throws Exception {
    MessageFolder folder =
        new MessageFolder(root)
            .html(
                """
                <h1>Hello [=ctx.name]</h1><p>First &amp; second<br>line.</p>
                <ul><li>one</li><li>two</li></ul>
                <p>Go <a href="https://www.example.com/x">there</a>.</p>
                """);
    java.nio.file.Files.delete(root.resolve("EVTtest/message.txt"));
    assertThat(new ParsedMail(MessageFolder.renderName(folder.load(), "<Ada>")).text("text/plain"))
        .isEqualTo(
            """
            Hello <Ada>

            First & second
            line.

            * one
            * two

            Go there <https://www.example.com/x>.""");
  }

  @Test
  void the_same_request_gives_the_same_bytes() {
    EventType type = new MessageFolder(root).load();
    assertThat(MessageFolder.renderName(type, "Ada").raw())
        .isEqualTo(MessageFolder.renderName(type, "Ada").raw());
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-brackets@x", "<a b@c>", "<a@b>\r\nBcc: x@y.z", "<>", "<ab>", "<a@b"})
  void a_message_id_must_be_one(String messageId) {
    assertThatThrownBy(
            () ->
                new RenderRequest(
                    "a@example.org", MessageFolder.json("{}"), null, messageId, Instant.EPOCH))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_recipient_must_be_one_address() {
    assertThatThrownBy(
            () ->
                new RenderRequest(
                    "a@example.org\r\nBcc: x@example.org",
                    MessageFolder.json("{}"),
                    null,
                    "<a@b>",
                    Instant.EPOCH))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
