package dev.retour.messages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.config.FileFault;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Product lists in columns (spec C3): how they are written, and what is refused. */
class ProductListTest {
  private static final String EVENT =
      """
      fields:
        - {id: name, type: string, required: true}
      collections:
        - id: items
          fields:
            - {id: title, type: string, required: true}
      """;

  @TempDir Path root;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          layout="column" columns=2              | T1 T2
          layout="column" columns="2:2"          | T1 T2
          layout="column" columns="3:3"          | T1 T2 T3
          layout="column" columns="4:4"          | T1 T2 T3 T4
          layout="column" columns="4:4" max=3    | T1 T2 T3
          layout="column" columns="3:3" first=2  | T2 T3 T4
          layout="row" max=4                     | T1 T2 T3 T4
          layout="row"                           | T1 T2 T3 T4 T5 T6
          """)
  void the_columns_limit_how_many_items_are_shown(String how, String shown) throws Exception {
    EventType type = folder(how).load();
    StringBuilder items = new StringBuilder();
    for (int i = 1; i <= 6; i++) {
      items.append(i > 1 ? "," : "").append("{\"title\":\"T").append(i).append("\"}");
    }
    var body =
        MessageFolder.json(
            "{\"email\":\"a@example.org\",\"ctx\":{\"name\":\"x\",\"items\":[" + items + "]}}");
    String html = new ParsedMail(MessageFolder.render(type, body)).text("text/html");
    assertThat(html.replaceAll("(?s).*<table>|</table>.*|<[^>]*>", " ").strip().split("\\s+"))
        .containsExactly(shown.split(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          layout="column" columns="3:3" max=4 | shows at most 3 items, not 4
          layout="column" columns=2 max=5     | shows at most 2 items, not 5
          layout="column" columns=5           | has 2, 3 or 4 columns
          layout="column" columns="2:3"       | has 2, 3 or 4 columns
          layout="grid"                       | is "row" or "column"
          """)
  void other_columns_are_refused_with_the_reason(String how, String sentence) throws Exception {
    assertThat(folder(how).faults())
        .isNotEmpty()
        .extracting(FileFault::text)
        .allMatch(text -> text.contains(sentence));
  }

  private MessageFolder folder(String how) throws Exception {
    return new MessageFolder(root)
        .write("_shared/products.ftl", Files.readString(Path.of("messages/_shared/products.ftl")))
        .event(EVENT)
        .html(
            "[#import \"/_shared/products.ftl\" as p]<table>[@p.list collection=ctx.items "
                + how
                + " fallback=\"None\"; item]<td>[=item.title]</td>[/@p.list]</table>");
  }
}
