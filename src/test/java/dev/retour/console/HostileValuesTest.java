package dev.retour.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.support.TestDatabase;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;

/** Every column that the outside world can write, filled with what it could write. */
class HostileValuesTest {
  private static final String SCRIPT = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>";
  private static final String DIRECTION = "invoice\u202Efdp.exe\u0007\u2066";
  private static final String DIRECTIVE = "[=now][#stop \"x\"]${now}<#stop>{0}{x";
  private static final String LONG = "x".repeat(10_000);

  private final Jdbi jdbi = TestDatabase.fresh();
  private final ConsoleFixture console = new ConsoleFixture(jdbi);

  @Test
  void script_stays_text_in_every_column() {
    fill(SCRIPT);

    Document page = page();

    assertThat(page.select("main script, main img, [onerror]")).isEmpty();
    assertThat(page.select("main").text().split("<script>alert", -1)).hasSizeGreaterThan(10);
    assertThat(page.select("a").eachAttr("href"))
        .allMatch(href -> href.startsWith("/"))
        .noneMatch(href -> href.contains("<") || href.contains("\""));
    for (Element element : page.getAllElements()) {
      assertThat(element.attributes().asList())
          .noneMatch(attribute -> attribute.getKey().startsWith("on"));
    }
  }

  @Test
  void a_text_cannot_turn_the_direction_of_what_stands_beside_it() {
    fill(DIRECTION);

    String page = page().select("main").text();

    assertThat(page).doesNotContain("\u202E", "\u2066", "\u0007");
    assertThat(page).contains("invoice⟨202E⟩fdp.exe⟨0007⟩⟨2066⟩");
  }

  @Test
  void a_text_that_looks_like_a_template_is_not_run() {
    fill(DIRECTIVE);

    assertThat(page().select("#queue").text()).contains(DIRECTIVE);
    assertThat(page().select(".verdict").text()).contains(DIRECTIVE);
  }

  @Test
  void long_lines_are_cut() {
    fill(LONG);

    assertThat(console.firstPage().page("en", null).body().length).isLessThan(60_000);
    assertThat(page().select("main").text()).doesNotContain("x".repeat(700));
  }

  @Test
  void the_languages_asked_for_may_be_nonsense() {
    for (String nonsense :
        new String[] {SCRIPT, LONG, "de;q=x", ";;;", "*", "", "de,".repeat(90), "null", "../de"}) {
      assertThat(console.firstPage().page(nonsense, nonsense).status()).isEqualTo(200);
      assertThat(console.firstPage().live(nonsense, nonsense, nonsense).status()).isEqualTo(200);
      assertThat(console.firstPage().page(nonsense, nonsense).text())
          .doesNotContain("<script>alert");
    }
  }

  private Document page() {
    return Jsoup.parse(console.firstPage().page("en", null).text());
  }

  private void fill(String value) {
    Seed seed = new Seed(jdbi);
    UUID event = seed.event(value, "pending", null, value, console.now);
    long failed = seed.workPackage(event, value, "error", value, console.now);
    jdbi.useHandle(
        handle -> {
          handle.execute("UPDATE event SET event_type = ?", value);
          handle.execute(
              "UPDATE work_package SET document = ?, message = ? WHERE id = ?",
              value,
              value,
              failed);
        });
    long bounce = seed.bounce("bounce", "Unqualified", value, value, console.now);
    seed.verdict(bounce, value, 1, value, value);
    long unread = seed.bounce("other", "Other", value, value, console.now);
    jdbi.useHandle(
        handle -> {
          handle.execute("UPDATE bounce SET fault = ?, mailbox = ?", value, value);
          handle.execute(
              "UPDATE bounce_recipient SET rule_id = ?, status_code = ? WHERE bounce_id <> ?",
              value,
              value,
              unread);
        });
    // An index row holds 2,700 bytes: a longer address cannot be in the table.
    seed.address(
        value.substring(0, Math.min(2_000, value.length())),
        "quarantined",
        3,
        1,
        value,
        console.now);
    console.components.add(
        new ComponentState(
            Phrase.of("part.smtp.name", value),
            ComponentState.Status.DOWN,
            Phrase.of("part.mailbox.down", value),
            console.now));
    console.banners.add(Phrase.of("banner.redirect", value));
    console.reloadFaults.add(new ReloadFault(value, 3, value, console.now));
    console.mails.add(new CapturedMail("m1", console.now, value, value, value, 9));
  }
}
