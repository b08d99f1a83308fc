package dev.retour.bounces;

import static dev.retour.bounces.DrainFixture.ALL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retour.bounces.BouncesConfig.Fetch;
import dev.retour.bounces.MailboxDrain.Outcome;
import jakarta.mail.MessagingException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever fails while a mailbox is read, no mail is lost and none is filed twice. */
@Timeout(120)
class InterruptedDrainTest {
  @TempDir Path dir;
  private DrainFixture it;
  private MailboxDrain drain;

  @BeforeEach
  void open() throws Exception {
    it = new DrainFixture(dir);
    drain = it.drain(new Fetch(100_000, 10, 200_000));
  }

  @AfterEach
  void close() throws Exception {
    it.close();
  }

  @Test
  void what_was_killed_between_store_and_move_comes_again_and_nothing_is_lost() throws Exception {
    it.deliver(15);
    assertThatThrownBy(
            () ->
                drain.look(
                    ALL,
                    chunk -> {
                      it.store(chunk);
                      it.line.cut(); // stored, and gone before the move
                      return new Outcome(DrainFixture.folders(chunk), Set.of());
                    },
                    () -> true))
        .isInstanceOf(MessagingException.class);
    assertThat(it.folder("INBOX")).hasSize(15);
    assertThat(it.taken).hasSize(10);
    assertThat(drain.look(ALL, it::store, () -> true)).isEqualTo(15);
    assertThat(it.folder("INBOX")).isEmpty();
    assertThat(it.folder("Processed")).hasSize(15);
    assertThat(new HashSet<>(it.subjects())).hasSize(15);
  }

  @Test
  void a_connection_lost_between_two_chunks_is_opened_anew() throws Exception {
    it.deliver(30);
    boolean[] cut = {false};
    int moved =
        drain.look(
            ALL,
            it::store,
            () -> {
              if (it.taken.size() == 10 && !cut[0]) {
                cut[0] = true;
                it.line.cut();
              }
              return true;
            });
    assertThat(moved).isEqualTo(30);
    assertThat(it.folder("Processed")).hasSize(30);
    assertThat(it.subjects()).doesNotHaveDuplicates();
  }

  @Test
  void a_server_that_is_gone_ends_the_look_and_the_next_goes_on() throws Exception {
    it.deliver(5);
    it.stop();
    assertThatThrownBy(() -> drain.look(ALL, it::store, () -> true))
        .isInstanceOf(MessagingException.class);
    it.start();
    assertThat(drain.look(ALL, it::store, () -> true)).isEqualTo(5);
  }

  @Test
  void a_mail_that_cannot_be_stored_is_left_out_and_those_behind_it_are_not() throws Exception {
    it.deliver(12);
    for (int i = 0; i < 3; i++) {
      drain.look(
          ALL,
          chunk -> it.except(chunk, found -> DrainFixture.subject(found).equals("mail 3")),
          () -> true);
      it.deliver(1);
    }
    assertThat(it.folder("INBOX")).hasSize(2);
    it.taken.clear();
    drain.look(ALL, it::store, () -> true);
    assertThat(it.subjects()).as("deferred").doesNotContain("mail 3");
    it.clock.tick(Duration.ofMinutes(3));
    drain.look(ALL, it::store, () -> true);
    assertThat(it.subjects()).contains("mail 3");
    assertThat(it.folder("INBOX")).isEmpty();
  }

  @Test
  void while_nothing_can_be_stored_no_mail_is_blamed_and_each_gets_its_turn() throws Exception {
    it.deliver(9);
    Set<String> tried = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      drain.look(
          ALL,
          chunk -> {
            List<FoundMail> first = chunk.subList(0, 3); // then the handler gives up
            first.forEach(found -> tried.add(DrainFixture.subject(found)));
            return new Outcome(Map.of(), Set.copyOf(first.stream().map(FoundMail::uid).toList()));
          },
          () -> true);
    }
    assertThat(tried).hasSize(9);
    assertThat(drain.look(ALL, it::store, () -> true)).isEqualTo(9);
  }

  @Test
  void two_sidecars_on_one_mailbox_lose_nothing_and_file_nothing_twice() throws Exception {
    it.deliver(20);
    try (MailboxDrain other = it.drain(new Fetch(100_000, 7, 200_000))) {
      drain.look(
          ALL,
          chunk -> {
            try {
              other.look(ALL, it::store, () -> true);
            } catch (MessagingException e) {
              throw new AssertionError(e);
            }
            return it.store(chunk);
          },
          () -> true);
    }
    assertThat(it.folder("INBOX")).isEmpty();
    assertThat(it.folder("Processed")).hasSize(20);
  }
}
