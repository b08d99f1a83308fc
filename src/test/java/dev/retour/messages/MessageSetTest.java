package dev.retour.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retour.config.FileFault;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A set of messages is refused as a whole, with every fault by file and line. */
class MessageSetTest {
  private static final String ITEMS =
      """
      fields:
        - {id: name, type: string, required: true}
        - {id: phone, type: string}
        - {id: page, type: url, domains: [example.com]}
        - {id: anywhere, type: url}
      collections:
        - id: items
          fields:
            - {id: title, type: string, required: true}
            - {id: link, type: url, required: true, domains: [example.com]}
      """;

  @TempDir Path root;

  private List<String> faults(MessageFolder folder) {
    return folder.faults().stream().map(FileFault::toString).toList();
  }

  @Test
  void a_right_folder_has_no_faults() {
    assertThat(faults(new MessageFolder(root))).isEmpty();
  }

  @Test
  void a_missing_variable_is_named_with_file_and_line() {
    MessageFolder folder = new MessageFolder(root).html("<p>\n\n[=ctx.nmae]</p>");
    assertThat(faults(folder))
        .singleElement()
        .asString()
        .startsWith("EVTtest/message.html:4: The variable ctx.nmae has no value here.");
  }

  @Test
  void a_missing_variable_in_mjml_has_the_line_of_the_source() {
    MessageFolder folder =
        new MessageFolder(root)
            .write("EVTtest/subject.de.txt", "Hallo")
            .write(
                "EVTtest/message.de.mjml",
                "<mjml><mj-body>\n<mj-section><mj-column>\n<mj-text>\n[=ctx.nmae]</mj-text>"
                    + "</mj-column></mj-section></mj-body></mjml>");
    assertThat(faults(folder))
        .singleElement()
        .asString()
        .startsWith("EVTtest/message.de.mjml:4: The variable ctx.nmae has no value here.");
  }

  @Test
  void a_field_that_may_be_absent_must_be_asked_for() {
    MessageFolder folder = new MessageFolder(root).event(ITEMS).html("<p>Call [=ctx.phone]</p>");
    assertThat(faults(folder))
        .singleElement()
        .asString()
        .contains("EVTtest/message.html:2", "ctx.phone", "only required fields");
    folder.html("<p>Dear [=ctx.name] [#if ctx.phone??]call [=ctx.phone][/#if]</p>");
    assertThat(faults(folder)).isEmpty();
  }

  @Test
  void faults_of_all_files_are_told_together() {
    MessageFolder folder =
        new MessageFolder(root)
            .write("EVTtest/subject.txt", "Hello [=ctx.name")
            .html("<p>[#if ctx.name??]</p>")
            .write("EVTother/event.yaml", "id: EVTelse\ncolour: red\n");
    assertThat(faults(folder))
        .anyMatch(fault -> fault.startsWith("EVTtest/subject.txt:1:"))
        .anyMatch(fault -> fault.startsWith("EVTtest/message.html:"))
        .anyMatch(fault -> fault.startsWith("EVTother/event.yaml:1: The id \"EVTelse\" must be"))
        .anyMatch(fault -> fault.startsWith("EVTother/event.yaml:2: Unknown key \"colour\""));
    assertThatThrownBy(folder::load)
        .isInstanceOf(MessageSetException.class)
        .hasMessageContaining("The set of messages is refused");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<a href=\"[=ctx.name]\">x</a>",
        "<a href=\"https://[=ctx.name]/\">x</a>",
        "<a href=\"https://www.example.com[=ctx.name]\">x</a>",
        "<a href=\"javascript:[=ctx.name]\">x</a>",
        "<a href=\"[=ctx.anywhere]\">x</a>",
        "<a href=\"[=ctx.page + ctx.name]\">x</a>",
        "<img alt=\"\" src=\"[=ctx.name]\" />",
        "<p style=\"background:url([=ctx.page!])\">x</p>",
        "<a href=\"/relative\">x</a>",
        "<a href=\"javascript:alert(1)\">x</a>",
      })
  void a_link_an_event_could_lead_elsewhere_is_refused(String link) {
    MessageFolder folder =
        new MessageFolder(root)
            .event(ITEMS)
            .html("[#if ctx.page?? && ctx.anywhere??]\n" + link + "[/#if]");
    assertThat(faults(folder)).singleElement().asString().startsWith("EVTtest/message.html:3: ");
  }

  @Test
  void a_link_with_a_fixed_domain_is_right() {
    MessageFolder folder =
        new MessageFolder(root)
            .event(ITEMS)
            .html(
                """
                <a href="https://www.example.com/?q=[=ctx.name?url]">x</a>
                <a href="mailto:service@example.com">x</a>
                [#if ctx.page??]<a href="[=ctx.page]">x</a>[/#if]
                [#list ctx.items as item]<a href="[=item.link]?from=mail">[=item.title]</a>[/#list]
                """);
    assertThat(faults(folder)).isEmpty();
  }

  @Test
  void an_image_needs_a_text() {
    MessageFolder folder =
        new MessageFolder(root).html("<p>x</p>\n<img src=\"https://www.example.com/a.png\">");
    assertThat(faults(folder))
        .singleElement()
        .asString()
        .startsWith("EVTtest/message.html:3: This image has no \"alt\"");
  }

  @Test
  void foreign_template_syntax_would_reach_the_customer_and_is_refused() {
    assertThat(faults(new MessageFolder(root).html("<p>${ctx.name}</p>")))
        .singleElement()
        .asString()
        .startsWith("EVTtest/message.html:2: \"${\" would appear in the mail as it is");
  }

  @Test
  void a_test_profile_must_be_valid() {
    MessageFolder folder =
        new MessageFolder(root)
            .write(
                "EVTtest/test-profiles/ada.json",
                "{\"email\": \"ada@example.org\", \"ctx\": {\"nmae\": \"Ada\"}}");
    assertThat(faults(folder))
        .allMatch(fault -> fault.startsWith("EVTtest/test-profiles/ada.json:0: /ctx/n"))
        .hasSize(2);
  }

  @Test
  void a_subject_is_not_optional() throws Exception {
    MessageFolder folder = new MessageFolder(root);
    java.nio.file.Files.delete(root.resolve("EVTtest/subject.txt"));
    assertThat(faults(folder)).singleElement().asString().startsWith("EVTtest/subject.txt:0:");
    folder.write("EVTtest/subject.txt", "[#if ctx.name == \"\"]x[/#if]");
    assertThat(faults(folder)).singleElement().asString().contains("The subject is empty");
  }

  @Test
  void a_product_list_inside_a_product_list_is_refused_with_the_reason() throws Exception {
    String macro = java.nio.file.Files.readString(Path.of("messages/_shared/products.ftl"));
    MessageFolder folder =
        new MessageFolder(root)
            .write("_shared/products.ftl", macro)
            .event(ITEMS)
            .html(
                "[#import \"/_shared/products.ftl\" as p]<table>[@p.list collection=ctx.items]"
                    + "<td>[@p.list collection=ctx.items]<td>x</td>[/@p.list]</td>[/@p.list]"
                    + "</table>");
    assertThat(faults(folder))
        .isNotEmpty()
        .allMatch(fault -> fault.contains("cannot stand inside another one"));
  }

  @Test
  void a_product_list_can_begin_later_and_stand_in_columns() throws Exception {
    String macro = java.nio.file.Files.readString(Path.of("messages/_shared/products.ftl"));
    EventType type =
        new MessageFolder(root)
            .write("_shared/products.ftl", macro)
            .event(ITEMS)
            .html(
                "[#import \"/_shared/products.ftl\" as p]<table>[@p.list collection=ctx.items"
                    + " layout=\"column\" columns=2 first=2 fallback=\"None & never\"; item]"
                    + "<td>[=item.title]</td>[/@p.list]</table>")
            .load();
    String ctx =
        "{\"name\":\"x\",\"items\":[%s]}"
            .formatted(
                java.util.stream.IntStream.rangeClosed(1, 5)
                    .mapToObj(i -> "{\"title\":\"T" + i + "\",\"link\":\"https://example.com/\"}")
                    .collect(java.util.stream.Collectors.joining(",")));
    String html =
        new ParsedMail(
                MessageFolder.render(
                    type, MessageFolder.json("{\"email\":\"a@example.org\",\"ctx\":" + ctx + "}")))
            .text("text/html")
            .replaceAll("\\s", "");
    assertThat(html).contains("<tr><td>T2</td><td>T3</td></tr>").doesNotContain("T1", "T4");
    assertThat(new ParsedMail(MessageFolder.renderName(type, "x")).text("text/html"))
        .contains("None &amp; never");
  }

  @Test
  void headers_that_route_a_mail_are_not_free() {
    MessageFolder folder =
        new MessageFolder(root)
            .event("headers: {Bcc: spy@example.net, X-Kind: \"[=ctx.name]\"}\n" + ITEMS);
    assertThat(faults(folder))
        .singleElement()
        .asString()
        .startsWith("EVTtest/event.yaml:4: \"Bcc\" is no header a message may set");
  }
}
