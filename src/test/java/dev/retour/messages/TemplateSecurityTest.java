package dev.retour.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retour.config.FileFault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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

  /** The same without the static check, as if it had been outwitted. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "[=\"freemarker.template.utility.Execute\"?new()(\"id\")]",
        "[=\"freemarker.template.utility.JythonRuntime\"?new()]",
        "[=ctx?api.class]",
        "[=ctx.name?api.bytes]",
      })
  void the_engine_itself_is_closed_too(String attack) {
    TemplateEngine engine = new TemplateEngine(Map.of(), MessagesConfig.of(root));
    List<FileFault> faults = new ArrayList<>();
    var template = engine.html("x", attack, faults);
    assertThat(faults).isEmpty();
    var model = EventModel.hash(Map.of("ctx", EventModel.hash(Map.of())));
    assertThatThrownBy(() -> engine.render(template, model, java.util.Locale.ENGLISH))
        .isInstanceOf(RenderException.class);
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
            Map.of("messages.render-time-max", "50ms", "messages.output-chars-max", "10000000"));
    long begun = System.nanoTime();
    assertThat(MessageLibrary.check(config))
        .extracting(FileFault::text)
        .anyMatch(text -> text.startsWith("The template writes for longer than it may."));
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void a_macro_that_calls_itself_without_end_is_a_fault() {
    MessageFolder folder =
        new MessageFolder(root).html("[#macro again][@again/][/#macro][@again/]");
    assertThat(folder.faults()).isNotEmpty();
  }
}
