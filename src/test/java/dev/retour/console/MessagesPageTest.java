package dev.retour.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.support.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages about messages: what they show, and which buttons they offer where. */
class MessagesPageTest {
  private static final String ID = "EVTpage";
  private static final String SCRIPT = "<script>alert(1)</script>";

  @TempDir Path root;
  private final Jdbi jdbi = TestDatabase.fresh();
  private ConsoleFixture console = new ConsoleFixture(jdbi);

  @BeforeEach
  void write() throws IOException {
    write("event.yaml", "id: EVTpage\ndescription: A.\nfrom: {address: a@example.com, name: A}\n");
    write("subject.txt", "Hello");
    write("message.html", "<html><body><p>Hello</p></body></html>");
    write("test-profiles/anna.json", "{\"email\":\"anna@example.com\",\"ctx\":{}}");
    console = new ConsoleFixture(jdbi, Map.of("messages.folder", root.toString()));
  }

  @Test
  void a_draft_can_be_published_and_proofed_and_nothing_else() throws Exception {
    assertThat(list("de").select("td").text()).contains("Entwurf", ID, "veröffentlichen");
    Document page = page("en");
    assertThat(actions(page)).containsExactly("publish", "proof");
    assertThat(page.select(".profiles a").attr("href"))
        .isEqualTo("/console/messages/EVTpage/preview?profile=anna&lang=en");
  }

  @Test
  void what_is_in_force_can_be_paused_and_ended_only_by_who_is_sure() throws Exception {
    act("publish", "{}");
    Document page = page("en");
    assertThat(actions(page)).containsExactly("pause", "proof", "unpublish");
    assertThat(page.select("form[data-post$=unpublish] input[name=confirm][required]")).hasSize(1);
    assertThat(page.select("form[data-post$=pause] input[name=confirm]")).isEmpty();
    assertThat(page.text()).contains("The folder holds what is in force.", "version 1");
  }

  @Test
  void a_changed_folder_shows_what_publishing_would_change_and_refuse() throws Exception {
    act("publish", "{\"because\":\"" + SCRIPT.replace("/", "\\/") + "\"}");
    write("subject.txt", SCRIPT + "\n[=ctx.nobody]");
    act("pause", "{}");
    new Seed(jdbi).event("anna@example.com", "pending", null, null, console.now);
    jdbi.useHandle(
        handle -> handle.execute("UPDATE event SET event_type = ?, status = 'paused'", ID));
    Document page = page("en");
    assertThat(actions(page)).containsExactly("resume", "resume", "proof", "unpublish");
    assertThat(page.select("form[data-post$=resume] input[name=unchanged]").val())
        .isEqualTo("true");
    assertThat(page.select(".diff .plus").text()).contains("+" + SCRIPT);
    assertThat(page.select(".diff .minus").text()).contains("-Hello");
    assertThat(page.select(".faults").text()).contains("EVTpage/subject.txt:2");
    assertThat(page.text()).contains("One event waits for this message");
    assertThat(page.select("main script")).isEmpty();
    write("subject.txt", "Back");
    act("resume", "{}");
    assertThat(page("en").select("form.back input[name=version]").val()).isEqualTo("1");
  }

  @Test
  void what_was_unpublished_can_be_deleted_and_what_nobody_knows_is_not_found() throws Exception {
    act("publish", "{}");
    act("unpublish", "{\"confirm\":1}");
    assertThat(actions(page("en"))).containsExactly("publish", "proof", "delete");
    assertThat(console.messagesPage().one("EVTnone", null, null).status()).isEqualTo(404);
    assertThat(console.messagesPage().one("../" + ID, null, null).status()).isEqualTo(404);
    assertThat(console.messagesPage().one(ID, "x=1", null).status()).isEqualTo(400);
  }

  private static List<String> actions(Document page) {
    return page.select("form.act").eachAttr("data-post").stream()
        .map(path -> path.substring(path.lastIndexOf('/') + 1))
        .toList();
  }

  private Document list(String lang) {
    return Jsoup.parse(console.messagesPage().list("lang=" + lang, null).text());
  }

  private Document page(String lang) {
    Answer answer = console.messagesPage().one(ID, "lang=" + lang, null);
    assertThat(answer.status()).isEqualTo(200);
    return Jsoup.parse(answer.text());
  }

  private void act(String action, String body) {
    Answer answer =
        console
            .postMessage()
            .answer(ID, action, body.getBytes(StandardCharsets.UTF_8), null, "application/json");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(ID).resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
