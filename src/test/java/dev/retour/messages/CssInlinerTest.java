package dev.retour.messages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.config.FileFault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mail readers that drop the head still show what its rules say. */
class CssInlinerTest {
  @TempDir Path root;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          p{color:red}                       | <p>x</p>                  | <p style="color:red;">x</p>
          .a{color:red}                      | <p class="a b">x</p>      | <p style="color:red;" class="a b">x</p>
          #i{color:red}                      | <p id="i">x</p>           | <p style="color:red;" id="i">x</p>
          td p,h1{margin:0}                  | <div><p>x</p><h1>y</h1></div> | <div><p>x</p><h1 style="margin:0;">y</h1></div>
          .a{color:red}p{color:blue}         | <p class="a">x</p>        | <p style="color:blue;color:red;" class="a">x</p>
          p{color:red}p{color:blue}          | <p>x</p>                  | <p style="color:red;color:blue;">x</p>
          p{color:red}                       | <p style="color:blue">x</p> | <p style="color:red;color:blue">x</p>
          p{color:red !important}            | <p style="color:blue">x</p> | <p style="color:red !important;color:blue">x</p>
          p{font-family:"Segoe UI",serif}    | <p>x</p>                  | <p style="font-family:&quot;Segoe UI&quot;,serif;">x</p>
          a:hover{color:red}                 | <a href="#">x</a>         | <a href="#">x</a>
          @media screen{p{color:red}}        | <p>x</p>                  | <p>x</p>
          p{color:red}                       | <P>x</P>                  | <P style="color:red;">x</P>
          p{color:red}                       | <br><p title='a>b'>x<p>y  | <br><p style="color:red;" title='a>b'>x<p style="color:red;">y
          p.a>b{color:red}                   | <p class="a"><b>x</b></p> | <p class="a"><b style="color:red;">x</b></p>
          """)
  void rules_reach_the_elements_they_are_for(String css, String html, String expected) {
    assertThat(inline("<style>" + css + "</style>" + html))
        .isEqualTo("<style>" + css + "</style>" + expected);
  }

  /** A parser that moved text out of tables would tear lists apart. */
  @Test
  void template_tags_stay_where_they_are() {
    String before =
        "<html><head>\n<style>\ntd { padding: 4px }\n.n { color: #123456 }\n</style></head><body>\n"
            + "<table>[#list ctx.items as item]<tr>\n<td[#if item.x] class=\"n\"[/#if]>[=item.name]"
            + "</td></tr>[#else]<tr><td class=\"n [=item.kind]\">none</td></tr>[/#list]</table>\n"
            + "[#-- <td> --]<p>[=ctx.a!\"<\"] &nbsp; &auml;</p></body></html>";
    String after = inline(before);
    assertThat(after.replaceAll(" style=\"[^\"]*\"", "")).isEqualTo(before);
    assertThat(after)
        .contains("<td style=\"padding:4px;color:#123456;\" class=\"n [=item.kind]\">none</td>");
    assertThat(after.lines().count()).isEqualTo(before.lines().count());
  }

  @Test
  void a_style_that_a_template_writes_is_left_alone() {
    String page = "<style>p{color:[=ctx.color]}</style><p>x</p>";
    assertThat(inline(page)).isEqualTo(page);
  }

  @Test
  void css_with_a_fault_is_refused_with_its_line() {
    assertThat(
            new MessageFolder(root).html("<style>p{color:red</style><p>[=ctx.name]</p>").faults())
        .anySatisfy(
            fault -> {
              assertThat(fault.file()).isEqualTo("EVTtest/message.html");
              assertThat(fault.line()).isEqualTo(2);
              assertThat(fault.text()).startsWith("This style is no CSS");
            });
  }

  @Test
  void a_mail_of_plain_html_carries_its_styles() throws Exception {
    EventType type =
        new MessageFolder(root).html("<style>p{color:red}</style><p>Dear [=ctx.name]</p>").load();
    assertThat(new ParsedMail(MessageFolder.renderName(type, "Ada")).text("text/html"))
        .contains("<p style=\"color:red;\">Dear Ada</p>");
  }

  private static String inline(String page) {
    List<FileFault> faults = new ArrayList<>();
    String inlined = CssInliner.inline("x.html", page, faults);
    assertThat(faults).isEmpty();
    return inlined;
  }
}
