package dev.retour.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retour.config.FileFault;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every step from one standing of a message to another, on the real database. */
class LifecycleTest {
  private static final String ID = "EVTtest";

  @TempDir Path root;
  private final Jdbi jdbi = TestDatabase.fresh();
  private final TickingClock clock = new TickingClock();
  private MessageFolder folder;
  private MessagesModule room;

  @BeforeEach
  void open() {
    folder = new MessageFolder(root);
    room = another();
  }

  @Test
  void what_was_never_published_is_not_in_force() {
    assertThat(room.messages().published(ID)).isEmpty();
    assertThat(room.messages().standing(ID)).isEqualTo(new Standing.Unknown());
    assertThat(room.folders().find(ID).orElseThrow().folder()).isEqualTo(MessageView.Folder.DRAFT);
  }

  @Test
  void a_published_version_stays_as_it_is_whatever_becomes_of_the_folder() throws Exception {
    publish();
    folder.write("EVTtest/subject.txt", "Changed [=ctx.name]");
    assertThat(subject(room)).isEqualTo("Hello Ann");
    assertThat(room.folders().find(ID).orElseThrow().folder())
        .isEqualTo(MessageView.Folder.DIFFERS);
    for (String file : List.of("event.yaml", "subject.txt", "message.html", "message.txt")) {
      Files.delete(root.resolve(ID).resolve(file));
    }
    assertThat(subject(another())).isEqualTo("Hello Ann");
    assertThat(room.folders().find(ID).orElseThrow().folder())
        .isEqualTo(MessageView.Folder.MISSING);
  }

  @Test
  void versions_are_counted_and_the_last_one_is_in_force() {
    assertThat(publish()).isEqualTo(new Standing.Published(1));
    folder.write("EVTtest/subject.txt", "Good day [=ctx.name]");
    assertThat(publish()).isEqualTo(new Standing.Published(2));
    assertThat(subject(room)).isEqualTo("Good day Ann");
    assertThat(room.messages().published(ID).orElseThrow().version()).isEqualTo(2);
    assertThat(room.folders().versions(ID))
        .extracting(MessageVersion::number)
        .containsExactly(2, 1);
  }

  @Test
  void what_is_in_force_already_is_not_published_twice() {
    publish();
    assertThat(sentence(room.lifecycle().publish(order())))
        .isEqualTo("There is nothing to publish: the folder holds the files of version 1.");
    assertThat(room.folders().versions(ID)).hasSize(1);
  }

  @Test
  void a_publication_with_a_fault_is_refused_as_a_whole_and_changes_nothing() {
    publish();
    folder
        .write("EVTtest/subject.txt", "Hello [=ctx.nobody]")
        .html("<img src=\"https://a.example/\">");
    LifecycleAnswer answer = room.lifecycle().publish(order());
    assertThat(((LifecycleAnswer.Refused) answer).faults())
        .extracting(FileFault::file)
        .contains("EVTtest/message.html");
    assertThat(subject(room)).isEqualTo("Hello Ann");
    assertThat(room.folders().versions(ID)).hasSize(1);
    assertThat(room.folders().history(ID, 10)).hasSize(1);
  }

  @Test
  void a_first_publication_that_is_refused_leaves_no_trace_of_the_message() {
    folder.write("EVTtest/subject.txt", "Hello [=ctx.nobody]");
    assertThat(room.lifecycle().publish(order())).isInstanceOf(LifecycleAnswer.Refused.class);
    assertThat(room.lifecycle().pause(order())).isInstanceOf(LifecycleAnswer.NotPossible.class);
    assertThat(room.messages().standing(ID)).isEqualTo(new Standing.Unknown());
    int rows =
        jdbi.withHandle(h -> h.select("SELECT count(*) FROM message").mapTo(Integer.class).one());
    assertThat(rows).isZero();
  }

  @Test
  void paused_it_keeps_its_version_and_resumed_it_goes_on_with_what_was_changed_meanwhile() {
    publish();
    Standing paused = standing(room.lifecycle().pause(new MessageOrder(ID, "ann", "Wrong price")));
    assertThat(paused).isEqualTo(new Standing.Paused(1, clock.instant(), "ann", "Wrong price"));
    assertThat(room.messages().published(ID).orElseThrow().version()).isEqualTo(1);
    folder.write("EVTtest/subject.txt", "Mended [=ctx.name]");
    assertThat(standing(room.lifecycle().resume(order(), false)))
        .isEqualTo(new Standing.Published(2));
    assertThat(subject(room)).isEqualTo("Mended Ann");
  }

  @Test
  void resumed_unchanged_it_goes_on_with_the_version_in_force() {
    publish();
    room.lifecycle().pause(order());
    folder.write("EVTtest/subject.txt", "Half done [=ctx.nothing]");
    assertThat(room.lifecycle().resume(order(), false)).isInstanceOf(LifecycleAnswer.Refused.class);
    assertThat(room.messages().standing(ID)).isInstanceOf(Standing.Paused.class);
    assertThat(standing(room.lifecycle().resume(order(), true)))
        .isEqualTo(new Standing.Published(1));
  }

  @Test
  void published_while_paused_it_stays_paused_with_the_new_version() {
    publish();
    room.lifecycle().pause(new MessageOrder(ID, "ann", "Wrong price"));
    clock.tick(Duration.ofMinutes(1));
    folder.write("EVTtest/subject.txt", "New [=ctx.name]");
    Standing standing = standing(room.lifecycle().publish(order()));
    assertThat(standing).isInstanceOf(Standing.Paused.class);
    assertThat(((Standing.Paused) standing).version()).isEqualTo(2);
    assertThat(((Standing.Paused) standing).because()).isEqualTo("Wrong price");
  }

  @Test
  void rolled_back_the_version_before_is_in_force_and_the_next_publication_is_a_new_one() {
    publish();
    folder.write("EVTtest/subject.txt", "Second [=ctx.name]");
    publish();
    assertThat(standing(room.lifecycle().rollBack(order(), null)))
        .isEqualTo(new Standing.Published(1));
    assertThat(subject(room)).isEqualTo("Hello Ann");
    folder.write("EVTtest/subject.txt", "Third [=ctx.name]");
    assertThat(publish()).isEqualTo(new Standing.Published(3));
    assertThat(standing(room.lifecycle().rollBack(order(), 2)))
        .isEqualTo(new Standing.Published(2));
    assertThat(sentence(room.lifecycle().rollBack(order(), 9)))
        .contains("there is no other version 9");
  }

  @Test
  void unpublished_nothing_is_in_force_and_it_can_be_published_again_at_once() {
    publish();
    room.lifecycle().pause(order());
    assertThat(standing(room.lifecycle().unpublish(order()))).isEqualTo(new Standing.Draft(true));
    assertThat(room.messages().published(ID)).isEmpty();
    assertThat(publish()).isEqualTo(new Standing.Published(2));
  }

  @Test
  void only_what_is_unpublished_can_be_deleted_and_its_history_stays() {
    publish();
    assertThat(sentence(room.lifecycle().delete(order()))).contains("Unpublish it first.");
    room.lifecycle().unpublish(order());
    assertThat(standing(room.lifecycle().delete(order()))).isEqualTo(new Standing.Draft(true));
    assertThat(room.folders().versions(ID)).hasSize(1);
    assertThat(room.folders().history(ID, 10))
        .extracting(MessageLogEntry::what)
        .containsExactly(
            MessageLogEntry.What.DELETED,
            MessageLogEntry.What.UNPUBLISHED,
            MessageLogEntry.What.PUBLISHED);
  }

  @Test
  void another_process_sees_a_change_within_a_second() {
    TickingClock real = new TickingClock();
    MessagesModule other = new MessagesModule(config(), jdbi, clock, real);
    assertThat(other.messages().published(ID)).isEmpty();
    publish();
    assertThat(other.messages().published(ID)).isEmpty();
    real.tick(Duration.ofSeconds(1));
    assertThat(other.messages().published(ID)).isPresent();
  }

  @Test
  void the_first_start_puts_the_whole_folder_in_force_and_later_ones_nothing() {
    assertThat(room.saved().publishFirst()).isEqualTo(1);
    assertThat(room.messages().standing(ID)).isEqualTo(new Standing.Published(1));
    folder.write("EVTother/event.yaml", MessageFolder.EVENT.replace("EVTtest", "EVTother"));
    assertThat(room.saved().publishFirst()).isZero();
    assertThat(room.messages().standing("EVTother")).isEqualTo(new Standing.Unknown());
  }

  @Test
  void a_first_start_with_a_fault_puts_nothing_in_force() {
    folder.write("EVTother/event.yaml", "id: EVTother");
    assertThatThrownBy(() -> room.saved().publishFirst())
        .isInstanceOf(MessageSetException.class)
        .hasMessageContaining("EVTother/event.yaml");
    assertThat(room.messages().ids()).isEmpty();
  }

  @Test
  void saved_folders_come_in_force_beside_a_faulty_one() {
    room.saved().publishFirst();
    folder.write("EVTtest/subject.txt", "Saved [=ctx.name]");
    folder.write("EVTother/event.yaml", "id: EVTother");
    assertThatThrownBy(() -> room.saved().publishSaved()).hasMessageContaining("EVTother");
    assertThat(subject(room)).isEqualTo("Saved Ann");
  }

  @Test
  void saving_undoes_neither_a_roll_back_nor_an_unpublication() {
    publish();
    folder.write("EVTtest/subject.txt", "Second [=ctx.name]");
    publish();
    room.lifecycle().rollBack(order(), null);
    assertThat(room.saved().publishSaved()).isEmpty();
    assertThat(subject(room)).isEqualTo("Hello Ann");
    room.lifecycle().unpublish(order());
    folder.write("EVTtest/subject.txt", "Third [=ctx.name]");
    assertThat(room.saved().publishSaved()).isEmpty();
    assertThat(room.messages().published(ID)).isEmpty();
  }

  @Test
  void a_shared_file_concerns_only_who_uses_it() {
    folder.write("_shared/foot.ftl", "[#macro foot]Bye[/#macro]");
    folder.html("[#import \"/_shared/foot.ftl\" as f]<p>[=ctx.name] [@f.foot/]</p>");
    publish();
    folder.write("_shared/unused.ftl", "[#macro other][/#macro]");
    assertThat(room.folders().find(ID).orElseThrow().folder()).isEqualTo(MessageView.Folder.SAME);
    folder.write("_shared/foot.ftl", "[#macro foot]See you[/#macro]");
    assertThat(room.folders().find(ID).orElseThrow().folder())
        .isEqualTo(MessageView.Folder.DIFFERS);
    assertThat(raw(another())).contains("Bye");
  }

  @Test
  void what_is_no_id_reaches_no_path() {
    for (String id : List.of("../EVTtest", "EVTtest/../..", "", "EVT", "EVT" + "x".repeat(62))) {
      MessageOrder order = new MessageOrder(id, "ann", "");
      assertThat(room.lifecycle().publish(order)).isInstanceOf(LifecycleAnswer.NotPossible.class);
      assertThat(room.lifecycle().pause(order)).isInstanceOf(LifecycleAnswer.NotPossible.class);
      assertThat(room.folders().find(id)).isEmpty();
      assertThat(room.folders().check(id)).hasSize(1);
    }
  }

  private Standing publish() {
    return standing(room.lifecycle().publish(order()));
  }

  private static MessageOrder order() {
    return new MessageOrder(ID, "ann", "");
  }

  private static Standing standing(LifecycleAnswer answer) {
    assertThat(answer).isInstanceOf(LifecycleAnswer.Done.class);
    return ((LifecycleAnswer.Done) answer).standing();
  }

  private static String sentence(LifecycleAnswer answer) {
    assertThat(answer).isInstanceOf(LifecycleAnswer.NotPossible.class);
    return ((LifecycleAnswer.NotPossible) answer).sentence();
  }

  private static String subject(MessagesModule of) {
    return MessageFolder.renderName(of.messages().published(ID).orElseThrow(), "Ann").subject();
  }

  private static String raw(MessagesModule of) {
    return new String(
        MessageFolder.renderName(of.messages().published(ID).orElseThrow(), "Ann").raw(),
        java.nio.charset.StandardCharsets.UTF_8);
  }

  private MessagesModule another() {
    return new MessagesModule(config(), jdbi, clock, clock);
  }

  private MessagesConfig config() {
    return folder.config(Map.of());
  }
}
