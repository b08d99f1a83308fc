package dev.retour.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.config.FileFault;
import freemarker.template.SimpleScalar;
import freemarker.template.TemplateModelException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No event leads a customer elsewhere: links are looked at when they are written, too. */
class LinkGuardTest {
  private static final String FIELDS =
      """
      fields:
        - {id: name, type: string, required: true}
        - {id: link, type: url, domains: [example.com]}
        - {id: anywhere, type: string, values: ["https://www.example.com/x", "https://evil.example/"]}
      collections:
        - id: items
          fields:
            - {id: link, type: url, required: true, domains: [shop.example.net]}
      """;

  @TempDir Path root;

  private final LinkGuard guard = new LinkGuard(Set.of("example.com", "shop.example.net"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.com",
        "https://example.com/",
        "HTTPS://WWW.Example.COM/a?b#c",
        "http://a.b.example.com:8080/x",
        "https://shop.example.net?x=https://evil.example",
      })
  void a_link_into_a_declared_domain_is_written(String link) throws Exception {
    assertThat(guard.exec(List.of(new SimpleScalar(link)))).hasToString(link);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "//example.com/",
        "/path",
        "https:example.com",
        "https://evil.example/",
        "https://notexample.com/",
        "https://example.com.evil.example/",
        "https://example.com@evil.example/",
        "https://example.com:80@evil.example/",
        "https://example.com:x@evil.example/",
        "https://example.com\\@evil.example/",
        "https://evil.example\\.example.com/",
        "https://evil.example#.example.com/",
        "https://evil.example?.example.com/",
        "https://example.com\u2044.evil.example/",
        "https:///example.com/",
        "ftp://example.com/",
        "mailto:a@example.com",
      })
  void any_other_value_is_refused(String link) {
    assertThatThrownBy(() -> guard.exec(List.of(new SimpleScalar(link))))
        .isInstanceOf(TemplateModelException.class)
        .hasMessageContaining("only to the domains that event.yaml gives");
  }

  /** The name at the end is that of a field of type url; the value is another one. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "[#assign e = {\"link\": ctx.anywhere!\"https://www.example.com/x\"}]\n<a href=\"[=e.link]\">x</a>",
        "[#assign e = {\"link\": ctx.anywhere!\"https://www.example.com/x\"}]\n<p>x</p><img alt=\"\" src='[=e.link]'>",
        "[#list [{\"link\": ctx.anywhere!\"https://www.example.com/x\"}] as e]\n"
            + "<a href = \" [= e . link ]\">x</a>[/#list]",
      })
  void a_value_that_only_has_the_name_of_a_url_field_is_stopped_at_rendering(String html)
      throws Exception {
    EventType type = new MessageFolder(root).event(FIELDS).html(html).load();
    ObjectNode body = body("https://www.example.com/x");
    assertThat(new ParsedMail(MessageFolder.render(type, body)).text("text/html"))
        .contains("https://www.example.com/x");
    assertThatThrownBy(() -> MessageFolder.render(type, body("https://evil.example/")))
        .isInstanceOfSatisfying(
            RenderException.class,
            e -> {
              assertThat(e.fault().file()).isEqualTo("EVTtest/message.html");
              assertThat(e.fault().line()).isEqualTo(3);
              assertThat(e.fault().text()).contains("only to the domains");
            });
  }

  @Test
  void a_link_in_a_shared_macro_is_looked_at_too() throws Exception {
    EventType type =
        new MessageFolder(root)
            .event(FIELDS)
            .write("_shared/card.ftl", "[#macro card item]<a href=\"[=item.link]\">x</a>[/#macro]")
            .html(
                "[#import \"/_shared/card.ftl\" as c]"
                    + "[@c.card item={\"link\": ctx.anywhere!\"https://www.example.com/x\"} /]")
            .load();
    assertThat(MessageFolder.render(type, body("https://www.example.com/x")).raw()).isNotEmpty();
    assertThatThrownBy(() -> MessageFolder.render(type, body("https://evil.example/")))
        .isInstanceOfSatisfying(
            RenderException.class, e -> assertThat(e.fault().file()).isEqualTo("_shared/card.ftl"));
  }

  @Test
  void no_template_can_put_something_else_in_the_place_of_the_guard() {
    assertThat(
            new MessageFolder(root)
                .event(FIELDS)
                .html("[#function retour_link x][#return x][/#function]<p>x</p>")
                .faults())
        .anySatisfy(fault -> assertThat(fault.text()).contains("retour_link is taken"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<td class=[=ctx.name!'x']>y</td>",
        "<td [=ctx.name!'x']>y</td>",
        "<td [=ctx.name!'x']=\"1\">y</td>",
        "<td data-x=a[=ctx.name!'x']>y</td>",
      })
  void a_value_stands_in_a_tag_only_inside_quotes(String html) {
    assertThat(new MessageFolder(root).event(FIELDS).html("<p>x</p>" + html).faults())
        .anySatisfy(fault -> assertThat(fault.text()).contains("only in a quoted attribute"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<td style=\"background:url('[=ctx.link!'']')\">x</td>",
        "<td style=\"background:url(https://www.example.com/[=ctx.name!''])\">x</td>",
        "<a href=\"[#-- x --][=ctx.anywhere!'']\">x</a>",
        "<a href=\"[#if true][=ctx.anywhere!''][/#if]\">x</a>",
        "<a href=\"[=ctx.anywhere!'']\">x</a>",
        "<a href=\"https://[=ctx.name!'']/\">x</a>",
        "<a href=\"https://www.example.com[=ctx.name!'']\">x</a>",
        "<a href=\"java&#115;cript:alert(1)\">x</a>",
        "<a [#if true][/#if]href=\"[=ctx.anywhere!'']\">x</a>",
        "<img alt=\"\" srcset=\"[=ctx.anywhere!''] 2x\">",
        "<style>p{background:URL([=ctx.anywhere!''])}</style>",
        "<meta http-equiv=\"refresh\" content=\"0;url=[=ctx.anywhere!'']\">",
      })
  void such_links_are_refused_at_publication(String html) {
    assertThat(new MessageFolder(root).event(FIELDS).html("<p>x</p>" + html).faults())
        .anySatisfy(
            fault ->
                assertThat(fault.text())
                    .containsAnyOf(
                        "must begin with a fixed scheme and domain",
                        "leads nowhere from a mail",
                        "may not load a personalised address",
                        "takes no value"));
  }

  @Test
  void what_a_shared_file_names_is_looked_at_as_well() {
    MessageFolder folder =
        new MessageFolder(root)
            .event(FIELDS)
            .write("_shared/a.ftl", "[#import \"/_shared/b.ftl\" as b][#macro x][@b.y/][/#macro]")
            .write("_shared/b.ftl", "[#macro y]<a href=\"[=.vars.z!'']\">x</a>[/#macro]")
            .write("_shared/c.txt", "<a title=[=ctx.name]>x</a>")
            .html("[#import \"/_shared/a.ftl\" as a]<p>[@a.x/]</p>[#include \"/_shared/c.txt\"]");
    assertThat(folder.faults())
        .extracting(FileFault::file)
        .contains("_shared/b.ftl", "_shared/c.txt");
  }

  private static ObjectNode body(String anywhere) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("email", "ada@example.org");
    body.putObject("ctx").put("name", "Ada").put("anywhere", anywhere);
    return body;
  }
}
