package dev.retour.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retour.messages.MessagePreview.Wish;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A version is shown as it is sent, also when today's compiler would make something else of it. */
class MessagePreviewTest {
  private static final String ID = "EVTtest";
  private static final String HTML = "EVTtest/message.html#html";
  private static final String PROFILE =
      "{\"email\":\"ada@example.org\",\"ctx\":{\"name\":\"Ada\"}}";

  @TempDir Path root;
  private final Jdbi jdbi = TestDatabase.fresh();
  private MessagesModule room;

  @BeforeEach
  void publish() {
    MessageFolder folder = new MessageFolder(root);
    folder.write("EVTtest/test-profiles/ada.json", PROFILE);
    TickingClock clock = new TickingClock();
    room = new MessagesModule(folder.config(Map.of()), jdbi, clock, clock);
    assertThat(room.lifecycle().publish(new MessageOrder(ID, "ann", "")))
        .isInstanceOf(LifecycleAnswer.Done.class);
  }

  @Test
  void a_version_is_shown_with_the_html_it_was_published_with() {
    compiled(HTML, "<html><body><p>By the compiler of then: [=ctx.name]</p></body></html>");
    assertThat(shown(1)).contains("By the compiler of then: Ada").isEqualTo(sent());
    assertThat(shown(null)).contains("Dear Ada").doesNotContain("compiler of then");
  }

  @Test
  void a_version_whose_source_would_be_refused_today_is_shown_as_it_is_sent() throws Exception {
    files("EVTtest/message.html", "EVTtest/message.mjml", "<p>No MJML, says today's compiler.</p>");
    compiled(
        "EVTtest/message.mjml#html", "<html><body><p>It was MJML, [=ctx.name]</p></body></html>");
    assertThat(shown(1)).contains("It was MJML, Ada").isEqualTo(sent());
  }

  @Test
  void a_damaged_version_is_said_to_be_damaged() {
    jdbi.useHandle(handle -> handle.execute("UPDATE message_content SET archive = '\\x00'"));
    assertThatThrownBy(() -> shown(1))
        .isInstanceOf(MessageSetException.class)
        .hasMessageContaining("Version 1 is damaged");
  }

  private String shown(@Nullable Integer version) {
    return text(room.preview().mail(new Wish(ID, version, "ada")));
  }

  /** As an event becomes a mail, with the Message-ID and the time of a preview. */
  private String sent() {
    EventType type = room.messages().published(ID).orElseThrow();
    EventPayload event = type.payload(MessageFolder.json(PROFILE));
    return text(
        type.render(
            RenderRequest.of(event, "<preview@retour.invalid>", new TickingClock().instant())));
  }

  private static String text(RenderedMail mail) {
    return new String(mail.raw(), StandardCharsets.UTF_8);
  }

  private void compiled(String name, String html) {
    stored("compiled", new TreeMap<>(Map.of(name, html)));
  }

  /** The version as if this file had been another. */
  private void files(String instead, String name, String text) throws Exception {
    byte[] archive =
        jdbi.withHandle(
            handle ->
                handle.select("SELECT archive FROM message_content").mapTo(byte[].class).one());
    SortedMap<String, String> texts = MessageArchive.read(archive);
    texts.remove(instead);
    texts.put(name, text);
    stored("archive", texts);
  }

  private void stored(String column, SortedMap<String, String> texts) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate("UPDATE message_content SET <column> = :bytes")
                .define("column", column)
                .bind("bytes", MessageArchive.write(texts))
                .execute());
  }
}
