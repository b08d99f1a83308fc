package dev.retour.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retour.config.FileFault;
import freemarker.template.Template;
import freemarker.template.TemplateException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A template must not get at Java, at files, or at the whole memory; nor may data become code. */
class TemplateSecurityTest {
  @TempDir Path root;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[=\"freemarker.template.utility.Execute\"?new()(\"id\")]",
        "[=ctx.name?[#-- x --]new()]",
        "[=\"freemarker.template.utility.ObjectConstructor\"?new()(\"java.io.File\",\"/etc\")]",
        "[=ctx?api.class]",
        "[=ctx.name?eval]",
        "[#assign t = ctx.name?interpret][@t/]",
        "[=ctx.name?no_esc]",
        "[#noautoesc][=ctx.name][/#noautoesc]",
        "[#list 1..1000000000 as x][/#list]",
        "[=ctx.name?left_pad(1000000000)]",
        "[#ftl output_format=\"plainText\"]",
      })
  void operators_that_reach_beyond_the_data_are_refused(String attack) {
    MessageFolder folder = new MessageFolder(root).html("<p>" + attack + "</p>");
    assertThat(folder.faults())
        .isNotEmpty()
        .allSatisfy(fault -> assertThat(fault.line()).isEqualTo(2))
        .allSatisfy(fault -> assertThat(fault.file()).isEqualTo("EVTtest/message.html"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[=ctx.getClass()]",
        "[=ctx.name.getClass().forName(\"java.lang.Runtime\")]",
        "[=ctx.class.protectionDomain]",
        "[=.data_model.class.classLoader]",
        "[=email.class]",
      })
  void values_have_no_methods_and_no_class(String attack) {
    assertThat(new MessageFolder(root).html("<p>" + attack + "</p>").faults()).isNotEmpty();
  }

  /**
   * The gadgets published against programs that let people edit FreeMarker templates, in square
   * brackets: Execute (CVE-2026-22244 OpenMetadata, CVE-2024-41667 OpenAM, halo-dev/halo#419,
   * keycloak#47915), also with its name in two halves (coreruleset#4773); ObjectConstructor and
   * JythonRuntime (jeecgboot#5254); the walk from an object to a class loader (FREEMARKER-124,
   * apache/freemarker#62); reflection by ?api; code in data by ?eval and ?interpret.
   */
  static List<String> gadgets() {
    return List.of(
        "[#assign ex=\"freemarker.template.utility.Execute\"?new()][=ex(\"id\")]",
        "[#assign ex=(\"freemarker.temp\"+\"late.utility.Execute\")?new()][=ex(\"id\")]",
        "[=\"freemarker.template.utility.Execute\"?new()(ctx.name)]",
        "[#assign oc=\"freemarker.template.utility.ObjectConstructor\"?new()]"
            + "[=oc(\"java.lang.ProcessBuilder\",\"id\").start()]",
        "[#assign jr=\"freemarker.template.utility.JythonRuntime\"?new()]"
            + "[@jr]import os; os.system(\"id\")[/@jr]",
        "[=ctx.class.protectionDomain.classLoader.loadClass(\"java.lang.Runtime\")]",
        "[=ctx.getClass().getProtectionDomain().getCodeSource().getLocation().toURI()"
            + ".resolve(\"/etc/passwd\").toURL().openStream().readAllBytes()?join(\" \")]",
        "[#assign cl=ctx?api.class.getClassLoader()][=cl.loadClass(\"java.lang.Runtime\")]",
        "[#assign is=ctx.name?api.class.getResourceAsStream(\"/application.properties\")]x",
        "[=ctx.name?api.getBytes()]",
        "[=statics[\"java.lang.System\"].getProperties()]",
        "[=enums[\"java.lang.Thread$State\"]]",
        "[=(\"freemarker.template.utility.Execute\"?ne\" + \"w\")?eval]",
        "[#assign t=\"[=ctx.name]\"?interpret][@t/]",
        "[#assign t=[\"[=1]\", \"n\"]?interpret][@t/]",
        "[=(\"\\\"freemarker.template.utility.Execute\\\"?new()\")?eval]",
        "[=\"{}\"?eval_json?size]",
        "[=.data_model.class]",
        "[=.globals?api.class]",
        "[=.main?api.class]",
        "[=.get_optional_template(\"/etc/passwd\").include()]",
        "[#assign f=.caller_template_name][=f]",
        "[#visit ctx]",
        "[#setting output_encoding=\"x\"]",
        "[#include \"message.html\" parse=false]");
  }

  @ParameterizedTest
  @MethodSource("gadgets")
  void published_template_injections_are_refused(String gadget) {
    assertThat(new MessageFolder(root).html("<p>" + gadget + "</p>").faults())
        .isNotEmpty()
        .allSatisfy(fault -> assertThat(fault.file()).startsWith("EVTtest/message.html"));
  }

  /** A gadget in another file that is included, or imported by a name put together. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "[#include \"/_shared/gadget.ftl\"]",
        "[#import \"/_shared/gadget.ftl\" as g]",
        "[#include \"/_shared/gad\" + \"get.ftl\"]",
        "[#include \"../_shared/./gadget.ftl\"]",
      })
  void a_gadget_in_a_shared_file_is_refused(String include) {
    assertThat(
            new MessageFolder(root)
                .write(
                    "_shared/gadget.ftl",
                    "[#assign ex=\"freemarker.template.utility.Execute\"?new()]")
                .html("<p>x</p>" + include)
                .faults())
        .anySatisfy(fault -> assertThat(fault.text()).contains("?new"));
  }

  @Test
  void files_that_are_no_templates_cannot_be_included() {
    assertThat(
            new MessageFolder(root)
                .write(
                    "EVTtest/test-profiles/x.json",
                    "{\"email\":\"a@example.org\",\"ctx\":{\"name\":\"x\"}}")
                .html("[#include \"test-profiles/x.json\"][#include \"event.yaml\"]")
                .faults())
        .anySatisfy(fault -> assertThat(fault.text()).contains("include"));
  }

  /** The same without the grammar, as if it had been outwitted. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "[=\"freemarker.template.utility.Execute\"?new()(\"id\")]",
        "[=\"freemarker.template.utility.JythonRuntime\"?new()]",
        "[=\"freemarker.template.utility.ObjectConstructor\"?new()(\"java.io.File\",\"/etc\")]",
        "[=ctx?api.class]",
        "[=ctx.name?api.bytes]",
        "[=ctx.class.protectionDomain]",
        "[=statics[\"java.lang.System\"]]",
      })
  void the_engine_itself_is_closed_too(String attack) throws Exception {
    ClosedConfiguration closed =
        new ClosedConfiguration(
            Map.of(),
            MessagesConfig.of(root),
            freemarker.core.HTMLOutputFormat.INSTANCE,
            new LinkGuard(java.util.Set.of()),
            new FixedTexts());
    Template template = new Template("x", attack, closed);
    var name = new freemarker.template.SimpleScalar("Ada");
    var model = EventModel.hash(Map.of("ctx", EventModel.hash(Map.of("name", name))));
    assertThatThrownBy(() -> template.process(model, new StringWriter()))
        .isInstanceOf(TemplateException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[#include \"/etc/passwd\"]",
        "[#include \"../secret.txt\"]",
        "[#include \"../../secret.txt\"]",
        "[#include \"../EVTother/message.html\"]",
        "[#include \"file:///etc/passwd\"]",
        "[#import \"http://127.0.0.1/x.ftl\" as x]",
        "[=.get_optional_template(\"/etc/passwd\").include()]",
      })
  void includes_see_only_the_message_and_what_is_shared(String include) {
    MessageFolder folder =
        new MessageFolder(root)
            .write("EVTother/message.html", "secret")
            .html("<p>" + include + "</p>");
    assertThat(folder.faults()).anyMatch(fault -> fault.file().startsWith("EVTtest/message.html"));
  }

  @Test
  void mjml_includes_see_only_the_message_and_what_is_shared() throws Exception {
    Files.writeString(root.resolve("secret.mjml"), "<mj-text>secret</mj-text>");
    MessageFolder folder =
        new MessageFolder(Files.createDirectories(root.resolve("messages")))
            .write(
                "EVTtest/message.de.mjml",
                "<mjml><mj-body><mj-include path=\"../../secret.mjml\" /></mj-body></mjml>")
            .write("EVTtest/subject.de.txt", "x");
    assertThat(folder.faults())
        .anySatisfy(fault -> assertThat(fault.text()).contains("no file").contains("secret.mjml"));
  }

  @Test
  void a_link_out_of_the_folder_is_not_followed() throws Exception {
    Path secret = Files.writeString(root.resolve("secret.txt"), "secret");
    Path messages = Files.createDirectories(root.resolve("messages"));
    MessageFolder folder = new MessageFolder(messages);
    Files.createSymbolicLink(messages.resolve("EVTtest/leak.txt"), secret);
    assertThat(folder.faults())
        .extracting(FileFault::toString)
        .containsExactly(
            "EVTtest/leak.txt:0: This link leads out of the folder of messages; it is not"
                + " followed.");
  }

  @Test
  void data_is_never_read_as_a_template() throws Exception {
    EventType type = new MessageFolder(root).load();
    String name = "[=email] [#list 1..9 as x]x[/#list] ${7*7} <#assign x=1>";
    ParsedMail mail = new ParsedMail(MessageFolder.renderName(type, name));
    assertThat(mail.message().getSubject()).isEqualTo("Hello " + name);
    assertThat(mail.text("text/plain").strip()).isEqualTo("Dear " + name);
  }

  @Test
  void html_in_data_is_escaped_in_html_and_only_there() throws Exception {
    EventType type =
        new MessageFolder(root).html("<p title=\"[=ctx.name]\">Dear [=ctx.name]</p>").load();
    String name = "<script>alert('x')</script> & \"quoted\"";
    ParsedMail mail = new ParsedMail(MessageFolder.renderName(type, name));
    assertThat(mail.text("text/html"))
        .contains("Dear &lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;quoted&quot;")
        .contains("title=\"&lt;script&gt;")
        .doesNotContain("<script>");
    assertThat(mail.text("text/plain").strip()).isEqualTo("Dear " + name);
    assertThat(mail.message().getSubject()).isEqualTo("Hello " + name);
  }

  @Test
  void a_template_that_writes_without_end_is_stopped() {
    MessageFolder folder =
        new MessageFolder(root)
            .html(
                "[#macro twice n][#if n gt 0][@twice n=n-1/][@twice n=n-1/][#else]xxxxxxxxxx"
                    + "[/#if][/#macro][@twice n=30/]");
    assertThat(folder.faults())
        .extracting(FileFault::text)
        .anyMatch(text -> text.startsWith("The template writes more than 500000 characters."));
  }

  @Test
  void a_template_that_writes_for_too_long_is_stopped() {
    MessageFolder folder =
        new MessageFolder(root)
            .html(
                "[#macro twice n][#if n gt 0][@twice n=n-1/][@twice n=n-1/][#else]x"
                    + "[/#if][/#macro][@twice n=60/]");
    MessagesConfig config =
        folder.config(
            Map.of(
                "messages.render-time-max", "50ms",
                "messages.render-bytes-max", "1000000000",
                "messages.steps-max", "1000000000",
                "messages.output-chars-max", "10000000"));
    long begun = System.nanoTime();
    assertThat(MessageLibrary.check(config))
        .extracting(FileFault::text)
        .anyMatch(text -> text.startsWith("The template runs for longer than it may."));
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void a_macro_that_calls_itself_without_end_is_a_fault() {
    MessageFolder folder =
        new MessageFolder(root).html("[#macro again][@again/][/#macro][@again/]");
    assertThat(folder.faults()).isNotEmpty();
  }
}
