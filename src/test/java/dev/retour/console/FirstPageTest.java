package dev.retour.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.support.Ports;
import dev.retour.support.TestDatabase;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;

class FirstPageTest {
  private final Jdbi jdbi = TestDatabase.fresh();
  private final Seed seed = new Seed(jdbi);
  private final ConsoleFixture console = new ConsoleFixture(jdbi);

  @Test
  void an_empty_database_is_green_and_says_what_to_do() {
    Document page = page("en");

    assertThat(page.select(".verdict.green h1").text()).contains("All is well");
    assertThat(page.select("#events .empty, #queue .empty, #bounces .empty")).hasSize(3);
    assertThat(page.select("#addresses .empty, #mails .empty")).hasSize(2);
    assertThat(page.select("#events").text())
        .contains("./retour demo", "/api/v1/event-types/EVTinvoiceIssued/sample");
  }

  @Test
  void an_event_is_shown_with_the_status_its_mail_gave_it() {
    UUID sent = seed.event("anna@example.com", "processing", null, null, console.now);
    seed.workPackage(sent, "anna@example.com", "sent", null, console.now);
    seed.event("quarantined@example.com", "ignored", 9, null, console.now.minusSeconds(5));

    Document page = page("en");

    Element newest = page.select("#events tbody tr").get(0);
    assertThat(newest.text()).contains("Sent", "anna@example.com", "12:00:00");
    assertThat(newest.select("a").attr("href"))
        .isEqualTo("/api/v1/events/EVTinvoiceIssued/" + sent);
    assertThat(page.select("#events tbody tr").get(1).text())
        .contains("Ignored", "Address in quarantine (9)");
    assertThat(page.select("#events .counts").text()).contains("1 ✓ Sent").contains("1 – Ignored");
    assertThat(page.select(".verdict.green")).hasSize(1);
  }

  @Test
  void what_waits_for_a_person_is_amber_with_its_error_and_what_to_do() {
    seed.workPackage(null, "gone@example.com", "error", "550 5.1.1 no such user", console.now);
    seed.workPackage(null, "drop@example.com", "uncertain", null, console.now.minusSeconds(60));

    Document page = page("en");

    assertThat(page.select(".verdict.amber li")).hasSize(2);
    assertThat(page.select(".verdict li").get(0).text())
        .contains("One mail may or may not have arrived", "none goes out twice");
    assertThat(page.select(".verdict .todo").get(1).text())
        .contains("queue clear-error ID", "queue recipient ID");
    assertThat(page.select("#queue tbody tr").get(0).text()).contains("Uncertain", "drop@");
    assertThat(page.select("#queue tbody tr").get(1).text())
        .contains("Failed", "gone@example.com", "Hard User unknown (1)", "550 5.1.1 no such user");
  }

  @Test
  void an_event_that_cannot_become_a_mail_is_shown_with_what_stands_in_the_way() {
    seed.event("a@example.com", "pending", null, "ctx.items[0].price is missing", console.now);
    seed.event("b@example.com", "pending", null, null, console.now);

    Document page = page("en");

    assertThat(page.select(".verdict.amber").text()).contains("One event cannot become a mail yet");
    assertThat(page.select("#events table").get(0).select("tbody tr")).hasSize(1);
    assertThat(page.select("#events table").get(0).text()).contains("ctx.items[0].price");
  }

  @Test
  void what_is_not_as_in_earnest_stands_in_a_banner_and_is_no_alarm() {
    assertThat(page("en").select(".banner")).isEmpty();
    console.banners.add(Phrase.of("banner.clock", Phrase.of("clock.ahead", "1d")));
    Document page = page("de");
    assertThat(page.select(".banner").text()).contains("Sandkastens geht 1d vor. Alles hier");
    assertThat(page.select(".verdict.green")).hasSize(1);
  }

  @Test
  void a_part_that_is_down_is_red_and_comes_first() {
    seed.workPackage(null, "gone@example.com", "error", "550 no", console.now);
    console.components.add(
        new ComponentState(
            Phrase.of("part.imap.name", "bounces"),
            ComponentState.Status.DOWN,
            Phrase.of("part.mailbox.down", "Login refused"),
            console.now.minusSeconds(60)));
    console.reloadFaults.add(
        new ReloadFault("rules/x.rules.yaml", 1_204, "no example", console.now));

    Document page = page("en");

    assertThat(page.select(".verdict.red")).hasSize(1);
    assertThat(page.select(".verdict li").eachAttr("class")).containsExactly("red", "red", "amber");
    assertThat(page.select(".verdict li").get(0).text())
        .contains(
            "Bounce mailbox, IMAP bounces: not in order", "Login refused. Bounces wait in it");
    assertThat(page.select(".verdict li").get(1).text())
        .contains("rules/x.rules.yaml, line 1204: no example", "from before the change runs on");
    assertThat(page.select(".system li.bad").text()).contains("Down", "11:59:00");
  }

  @Test
  void a_queue_that_stands_still_is_red_after_the_configured_time_only() {
    seed.workPackage(null, "a@example.com", "waiting", null, console.now);
    console.tick(Duration.ofMinutes(14));
    assertThat(page("en").select(".verdict.green")).hasSize(1);

    console.tick(Duration.ofMinutes(2));

    assertThat(page("en").select(".verdict.red").text())
        .contains("The queue stands still: mail has been due since 12:10:00");
  }

  @Test
  void a_bounce_is_shown_with_verdict_folder_and_consequence() {
    long bounce = seed.bounce("bounce", "Unqualified", "Undelivered", "MAILER-DAEMON", console.now);
    seed.verdict(bounce, "x@example.com", 0, "smtp; 571 strange", "Nothing was changed.");
    seed.verdict(bounce, "y@example.com", 0, "smtp; 571 strange", "Nothing was changed.");
    seed.bounce("auto-reply", "Other", "I am away", "bob@example.com", console.now.minusSeconds(9));

    Document page = page("en");

    Element newest = page.select("#bounces tbody tr").get(0);
    assertThat(newest.text())
        .contains("Bounce", "Unqualified", "x@example.com +1", "Not defined (0)", "571 strange")
        .contains("Nothing was changed.", "signed return path", "user-unknown");
    assertThat(page.select("#bounces tbody tr").get(1).text()).contains("Absence", "I am away");
    assertThat(page.select(".verdict.amber").text()).contains("One bounce is not understood");
  }

  @Test
  void addresses_in_trouble_are_counted_and_the_newest_come_first() {
    seed.address("old@example.com", "denylisted", 0, 8, "complaint", console.now.minusSeconds(90));
    seed.address("new@example.com", "quarantined", 0, 1, "550 5.1.1", console.now);
    seed.address("soft@example.com", "with_errors", 2, 5, "452", console.now.minusSeconds(5));

    Document page = page("en");

    assertThat(page.select("#addresses tbody bdi").eachText())
        .containsSubsequence("new@example.com", "soft@example.com", "old@example.com");
    assertThat(page.select("#addresses .counts li")).hasSize(3);
    assertThat(page.select("#addresses").text()).contains("2 counted soft errors");
  }

  @Test
  void counting_stops_at_its_limit_and_says_so() {
    ConsoleFixture small = new ConsoleFixture(jdbi, Map.of("console.count-max", "10"));
    for (int i = 0; i < 12; i++) {
      seed.workPackage(null, "a" + i + "@example.com", "error", "550 no", console.now);
    }

    Document page = Jsoup.parse(small.firstPage().page("en", null).text());

    assertThat(page.select("#queue .counts b").text().replace('\u202f', ' ')).isEqualTo("> 10");
  }

  @Test
  void the_database_being_gone_is_red_and_does_not_hide_the_other_parts() {
    Jdbi gone =
        Jdbi.create("jdbc:postgresql://127.0.0.1:" + Ports.free() + "/none?connectTimeout=2");
    ConsoleFixture blind = new ConsoleFixture(gone);
    blind.components.add(
        new ComponentState(
            Phrase.of("part.smtp.name", "localhost"),
            ComponentState.Status.UP,
            Phrase.of("part.smtp.up"),
            console.now));

    Answer answer = blind.firstPage().page("en", null);

    assertThat(answer.status()).isEqualTo(200);
    Document page = Jsoup.parse(answer.text());
    assertThat(page.select(".verdict.red").text())
        .contains("The database does not answer", "refused with 503");
    assertThat(page.select(".system").text()).contains("SMTP", "Up");
    assertThat(page.select("#events")).isEmpty();
  }

  @Test
  void the_page_speaks_german_to_who_asks_for_it() {
    seed.workPackage(null, "gone@example.com", "error", "550 no", console.now);

    Document asked = page("de");
    Document preferred =
        Jsoup.parse(console.firstPage().page(null, "fr;q=0.9, de-AT, en;q=0.5").text());

    assertThat(asked.select("html").attr("lang")).isEqualTo("de");
    assertThat(asked.select(".verdict").text()).contains("Eine Mail wurde nicht zugestellt");
    assertThat(asked.select("#queue").text()).contains("Fehlgeschlagen", "Empfänger unbekannt");
    assertThat(preferred.select("html").attr("lang")).isEqualTo("de");
  }

  @Test
  void an_open_page_is_drawn_again_only_when_something_changed() {
    Document page = page("en");
    String next = page.select("#live").attr("hx-get");
    String seen = next.substring(next.indexOf("seen=") + "seen=".length());

    console.tick(Duration.ofSeconds(2));
    Answer same = console.firstPage().live("en", null, seen);
    seed.event("a@example.com", "tooOld", null, null, console.now);
    console.tick(Duration.ofSeconds(2));
    Answer changed = console.firstPage().live("en", null, seen);

    assertThat(same.status()).isEqualTo(204);
    assertThat(same.headers()).containsEntry("Retour-As-Of", "12:00:02");
    assertThat(changed.status()).isEqualTo(200);
    assertThat(Jsoup.parse(changed.text()).select("#events tbody tr")).hasSize(1);
  }

  @Test
  void ten_viewers_cost_the_database_one_reading() {
    page("en");
    seed.event("a@example.com", "tooOld", null, null, console.now);

    assertThat(page("en").select("#events tbody tr")).isEmpty();
    console.tick(Duration.ofSeconds(1));
    assertThat(page("en").select("#events tbody tr")).hasSize(1);
  }

  private Document page(String lang) {
    Answer answer = console.firstPage().page(lang, null);
    assertThat(answer.status()).isEqualTo(200);
    return Jsoup.parse(answer.text());
  }
}
