package dev.retour.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retour.config.FileFault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A template takes bounded time and memory whether it writes anything or not, and has no gaps. */
@Timeout(60)
class TemplateLimitsTest {
  private static final String SILENT =
      "[#function twice n][#if n == 0][#return 0][/#if]"
          + "[#return twice(n - 1) + twice(n - 1)][/#function]";

  /** A fast machine takes its memory and its steps before its time is up. */
  private static final Map<String, String> ONLY_THE_CLOCK =
      Map.of(
          "messages.render-time-max", "100ms",
          "messages.render-bytes-max", "1000000000",
          "messages.steps-max", "1000000000");

  @TempDir Path root;

  @Test
  void a_function_that_writes_nothing_is_stopped_by_the_clock() {
    MessageFolder folder = new MessageFolder(root).html(SILENT + "[#if twice(60) == 1]x[/#if]");
    long begun = System.nanoTime();
    assertThat(faults(folder, ONLY_THE_CLOCK))
        .anyMatch(text -> text.startsWith("The template runs for longer than it may."));
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void lists_in_lists_that_write_nothing_are_stopped_by_the_clock() {
    String list = "[#list ctx.name?split(\"\") as %s]";
    MessageFolder folder =
        new MessageFolder(root)
            .write(
                "EVTtest/test-profiles/long.json",
                "{\"email\":\"a@example.org\",\"ctx\":{\"name\":\"" + "x".repeat(2_000) + "\"}}")
            .html(
                list.formatted("a")
                    + list.formatted("b")
                    + list.formatted("c")
                    + "[#if a == b && c == 'y']z[/#if]"
                    + "[/#list]".repeat(3));
    assertThat(faults(folder, ONLY_THE_CLOCK))
        .anyMatch(text -> text.startsWith("The template runs for longer than it may."));
  }

  /** Two lists of 100 are 10,000 rounds, of which each writes one letter. */
  @ParameterizedTest
  @CsvSource({"31000, true", "10000, false"})
  void loops_go_round_a_bounded_number_of_times(String stepsMax, boolean fine) {
    MessageFolder folder =
        new MessageFolder(root)
            .write(
                "EVTtest/test-profiles/long.json",
                "{\"email\":\"a@example.org\",\"ctx\":{\"name\":\"" + "x".repeat(100) + "\"}}")
            .html(
                "\n[#list ctx.name?split(\"\") as a][#list ctx.name?split(\"\") as b]y[/#list][/#list]");
    assertThat(faults(folder, Map.of("messages.steps-max", stepsMax)))
        .matches(faults -> faults.isEmpty() == fine)
        .allMatch(text -> text.startsWith("The template takes more than 10000 steps"));
  }

  /** 30 rounds would be a thousand million times the text. */
  @Test
  void a_text_that_doubles_in_every_call_is_stopped_by_its_memory() {
    MessageFolder folder =
        new MessageFolder(root)
            .html(
                "[#function grow s n][#if n == 0][#return s?length][/#if]"
                    + "[#local t = s][#local u = s + t][#return grow(u, n - 1)][/#function]"
                    + "<p>[=grow(\"0123456789\", 30)]</p>");
    assertThat(faults(folder, Map.of()))
        .anyMatch(text -> text.startsWith("The template takes more memory than it may."));
  }

  @Test
  void a_text_that_doubles_line_by_line_is_stopped_by_its_memory() {
    StringBuilder lines = new StringBuilder("[#assign a = \"0123456789\"][#assign b = a]");
    for (int i = 0; i < 40; i++) {
      lines.append("[#assign a = a + b][#assign b = a]\n");
    }
    MessageFolder folder = new MessageFolder(root).html(lines + "[=a?length]");
    assertThat(faults(folder, Map.of()))
        .anyMatch(text -> text.startsWith("The template takes more memory than it may."));
  }

  @Test
  void a_number_that_is_squared_again_and_again_is_stopped() {
    MessageFolder folder =
        new MessageFolder(root)
            .html(
                "[#function square n i][#if i == 0][#return n][/#if]"
                    + "[#return square(n * n, i - 1)][/#function][=square(99, 40)]");
    assertThat(faults(folder, Map.of())).anyMatch(text -> text.contains("more than 100 digits"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e999999999", "1e-999999999", "-9E+2000000"})
  void a_number_in_a_text_has_a_bounded_size(String number) {
    MessageFolder folder = new MessageFolder(root).html("[=(\"" + number + "\"?number + 1)?c]");
    assertThat(folder.faults()).isNotEmpty();
  }

  @Test
  void the_interrupt_that_stops_a_template_does_not_outlive_it() {
    TemplateEngine engine = engine(Map.of("messages.render-time-max", "20ms"));
    var template = engine.html("x", SILENT + "[=twice(60)]", new ArrayList<>());
    var model = EventModel.hash(Map.of());
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> engine.render(template, model, java.util.Locale.ENGLISH))
          .isInstanceOf(RenderException.class)
          .hasMessageContaining("runs for longer");
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
    var good = engine.html("y", "fine", new ArrayList<>());
    assertThat(engine.render(good, model, java.util.Locale.ENGLISH)).isEqualTo("fine");
  }

  /** The limits hang on classes FreeMarker does not promise to keep. */
  @Test
  void included_templates_are_stopped_too() {
    MessageFolder folder =
        new MessageFolder(root)
            .write("_shared/loop.ftl", SILENT + "[#macro run][=twice(60)][/#macro]")
            .html("[#import \"/_shared/loop.ftl\" as loop][@loop.run/]");
    assertThat(faults(folder, ONLY_THE_CLOCK))
        .anyMatch(text -> text.startsWith("The template runs for longer than it may."));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [#assign x][=ctx.name][/#assign][=x]                     | collected in a variable
          [#macro m][#local x][=ctx.name][/#local][=x][/#macro][@m/]| collected in a variable
          [#global x][=ctx.name][/#global][=x]                     | collected in a variable
          [#attempt][=ctx.gap][#recover][/#attempt]                | would hide that a value is missing
          [#setting classic_compatible=true][=ctx.gap]             | "classic_compatible"
          [=ctx.name?matches("(a+)+b")?c]                          | "?matches"
          [=ctx.name?replace("(a+)+b", "", "r")]                   | no regular expressions
          [=ctx.name?replace("x", "", "ir")]                       | no regular expressions
          [#list ctx.name?split("(a+)+b", "r") as x][=x][/#list]   | no regular expressions
          [=ctx.name?keep_after("(a+)+b", "r")]                    | no regular expressions
          [=ctx.name?keep_before("x", ctx.name)]                   | no regular expressions
          [=ctx.name?ensure_starts_with("(a+)+b", "x")]            | "?ensure_starts_with"
          [=ctx.name?replace("a", "aaaaaaaaaa")]                   | not longer than the first
          [=ctx.name?js_string]                                    | "?js_string"
          [#list 1.."1000000000"?number as x][/#list]              | Ranges
          [#list [1][0]..1000000 as x][/#list]                     | Ranges
          [#list 1..<9 as x][/#list]                               | Ranges
          [=ctx.name[0..2]]                                        | Ranges
          [="[=1..9?size]"]                                        | Ranges
          [#assign s = ctx.name][#assign s = s + s][=s]            | added to itself
          [#assign s = ctx.name][#assign s += s][=s]               | added to itself
          [#assign s = ctx.name][#assign s = "[=s][=s]"][=s]       | added to itself
          [#assign a=ctx.name+"x" b=a+"y" c=b+"z"][=c]             | of its own for each sum
          [=.now]                                                  | ".now"
          [=.get_optional_template("x").exists?c]                  | ".get_optional_template"
          [=.vars["ctx"].name]                                     | ".vars"
          """)
  void what_could_take_unbounded_time_or_memory_or_leave_a_gap_is_refused(
      String template, String sentence) {
    assertThat(new MessageFolder(root).html("<p>x</p>" + template).faults())
        .anySatisfy(fault -> assertThat(fault.text()).contains(sentence))
        .anySatisfy(fault -> assertThat(fault.line()).isEqualTo(2));
  }

  @Test
  void lists_nest_three_deep_and_a_sum_has_twelve_parts() {
    String list = "[#list ctx.name?split(\"\") as x]";
    assertThat(new MessageFolder(root).html(list.repeat(4) + "y" + "[/#list]".repeat(4)).faults())
        .anySatisfy(fault -> assertThat(fault.text()).startsWith("Lists may nest 3 deep"));
    assertThat(new MessageFolder(root).html("[=" + "ctx.name + ".repeat(12) + "ctx.name]").faults())
        .anySatisfy(fault -> assertThat(fault.text()).startsWith("A sum or text may have 12"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[#assign full = ctx.name + \", \" + email][=full]",
        "[#assign n = 1][#assign n = n + 1][=n]",
        "[=ctx.name?replace(\"_\", \" \")?upper_case?truncate(20)]",
        "[#list ctx.name?split(\",\") as part][=part?trim][#sep], [/#sep][/#list]",
        "[=ctx.name?split(\" \")?map(one -> one?cap_first)?join(\" \")]",
        "[#setting number_format=\"0.00\"][=1.5]",
        "[=(ctx.name?length gt 3)?then(\"long\", \"short\")]",
      })
  void what_messages_need_stays_available(String template) {
    assertThat(new MessageFolder(root).html("<p>x" + template + "</p>").faults()).isEmpty();
  }

  private static List<String> faults(MessageFolder folder, Map<String, String> settings) {
    return MessageLibrary.check(folder.config(settings)).stream().map(FileFault::text).toList();
  }

  private TemplateEngine engine(Map<String, String> settings) {
    return new TemplateEngine(
        Map.of(),
        new EventDefinition.Shape(List.of(), List.of(), null),
        new MessageFolder(root).config(settings));
  }
}
