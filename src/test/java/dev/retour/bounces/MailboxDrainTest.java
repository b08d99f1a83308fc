package dev.retour.bounces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retour.bounces.BouncesConfig.Fetch;
import dev.retour.bounces.MailboxDrain.Outcome;
import dev.retour.config.Settings;
import dev.retour.sandbox.SandboxConfig;
import dev.retour.sandbox.SandboxWorld;
import dev.retour.support.Mailboxes;
import dev.retour.support.Ports;
import dev.retour.support.SlowLine;
import dev.retour.support.TickingClock;
import jakarta.mail.MessagingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Chunks of mails against the sandbox's IMAP server. */
@Timeout(120)
class MailboxDrainTest {
  private static final int ALL = 1_000;

  @TempDir Path dir;
  private final int imap = Ports.free();
  private final int smtp = Ports.free();
  private final int pop3 = Ports.free();
  private final TickingClock clock = new TickingClock();
  private final List<FoundMail> taken = new ArrayList<>();
  private SandboxWorld world;
  private SlowLine line;
  private MailboxDrain drain;
  private int delivered;
  private Runnable durable = () -> {};

  @BeforeEach
  void open() throws Exception {
    world = world();
    line = new SlowLine(imap, Duration.ZERO);
    drain = drain(new Fetch(100_000, 10, 200_000));
  }

  @AfterEach
  void close() throws Exception {
    drain.close();
    line.close();
    world.close();
  }

  @Test
  void a_chunk_costs_a_handful_of_commands_not_several_per_mail() throws Exception {
    drain.look(ALL, this::store, () -> true);
    deliver(30);
    int before = line.commands();
    assertThat(drain.look(ALL, this::store, () -> true)).isEqualTo(30);
    assertThat(line.commands() - before).isLessThan(3 * 6);
    assertThat(folder("INBOX")).isEmpty();
    assertThat(folder("Processed")).hasSize(30);
    assertThat(subjects()).containsExactlyElementsOf(names(0, 30));
  }

  @Test
  void nothing_is_moved_before_all_of_the_chunk_is_durable() throws Exception {
    deliver(3);
    durable =
        () -> {
          throw new IllegalStateException("The database is gone.");
        };
    assertThatThrownBy(() -> drain.look(ALL, this::store, () -> true))
        .hasMessage("The database is gone.");
    assertThat(folder("INBOX")).hasSize(3);

    durable = () -> assertThat(taken).as("the whole chunk again").hasSize(6);
    assertThat(drain.look(ALL, this::store, () -> true)).isEqualTo(3);
    assertThat(folder("Processed")).hasSize(3);
  }

  @Test
  void the_bytes_are_those_of_the_server_however_broken_and_large() throws Exception {
    byte[] broken = "Subject: \0\u00ff\r\nFrom\r\n\r\nx\0".getBytes(StandardCharsets.ISO_8859_1);
    byte[] large =
        ("Subject: large\r\n\r\n" + "x".repeat(250_000)).getBytes(StandardCharsets.UTF_8);
    world.deliver(SandboxWorld.Account.BOUNCES, broken);
    deliver(1);
    world.deliver(SandboxWorld.Account.BOUNCES, large);
    deliver(1);
    drain.look(ALL, this::store, () -> true);
    assertThat(taken).hasSize(4);
    assertThat(taken.get(0).mail().raw()).isEqualTo(broken);
    assertThat(taken.get(2).mail().raw())
        .hasSize(100_000)
        .startsWith("Subject: large".getBytes(StandardCharsets.US_ASCII));
    assertThat(taken.get(2).mail().totalBytes()).isEqualTo(large.length);
    assertThat(folder("INBOX")).isEmpty();
  }

  @Test
  void a_mail_larger_than_a_piece_is_put_together_again() throws Exception {
    drain = drain(new Fetch(5_000_000, 10, 200_000));
    StringBuilder text = new StringBuilder("Subject: large\r\n\r\n");
    for (int i = 0; text.length() < 2_500_000; i++) {
      text.append("line ").append(i).append("\r\n");
    }
    byte[] raw = text.toString().getBytes(StandardCharsets.US_ASCII);
    world.deliver(SandboxWorld.Account.BOUNCES, raw);
    drain.look(ALL, this::store, () -> true);
    assertThat(taken.get(0).mail().raw()).isEqualTo(raw);
    assertThat(taken.get(0).mail().totalBytes()).isEqualTo(raw.length);
  }

  @Test
  void what_was_killed_between_store_and_move_comes_again_and_nothing_is_lost() throws Exception {
    deliver(15);
    assertThatThrownBy(
            () ->
                drain.look(
                    ALL,
                    chunk -> {
                      store(chunk);
                      line.cut(); // stored, and gone before the move
                      return new Outcome(folders(chunk), Set.of());
                    },
                    () -> true))
        .isInstanceOf(MessagingException.class);
    assertThat(folder("INBOX")).hasSize(15);
    assertThat(taken).hasSize(10);
    assertThat(drain.look(ALL, this::store, () -> true)).isEqualTo(15);
    assertThat(folder("INBOX")).isEmpty();
    assertThat(folder("Processed")).hasSize(15);
    assertThat(new HashSet<>(subjects())).hasSize(15);
  }

  @Test
  void a_connection_lost_between_two_chunks_is_opened_anew() throws Exception {
    deliver(30);
    boolean[] cut = {false};
    int moved =
        drain.look(
            ALL,
            this::store,
            () -> {
              if (taken.size() == 10 && !cut[0]) {
                cut[0] = true;
                line.cut();
              }
              return true;
            });
    assertThat(moved).isEqualTo(30);
    assertThat(folder("Processed")).hasSize(30);
    assertThat(subjects()).doesNotHaveDuplicates();
  }

  @Test
  void a_server_that_is_gone_ends_the_look_and_the_next_goes_on() throws Exception {
    deliver(5);
    world.close();
    assertThatThrownBy(() -> drain.look(ALL, this::store, () -> true))
        .isInstanceOf(MessagingException.class);
    world = world();
    assertThat(drain.look(ALL, this::store, () -> true)).isEqualTo(5);
  }

  @Test
  void a_mail_that_cannot_be_stored_is_left_out_and_those_behind_it_are_not() throws Exception {
    deliver(12);
    for (int i = 0; i < 3; i++) {
      drain.look(ALL, chunk -> except(chunk, found -> subject(found).equals("mail 3")), () -> true);
      deliver(1);
    }
    assertThat(folder("INBOX")).hasSize(2);
    taken.clear();
    drain.look(ALL, this::store, () -> true);
    assertThat(subjects()).as("deferred").doesNotContain("mail 3");
    clock.tick(Duration.ofMinutes(3));
    drain.look(ALL, this::store, () -> true);
    assertThat(subjects()).contains("mail 3");
    assertThat(folder("INBOX")).isEmpty();
  }

  @Test
  void while_nothing_can_be_stored_no_mail_is_blamed_and_each_gets_its_turn() throws Exception {
    deliver(9);
    Set<String> tried = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      drain.look(
          ALL,
          chunk -> {
            List<FoundMail> first = chunk.subList(0, 3); // then the handler gives up
            first.forEach(found -> tried.add(subject(found)));
            return new Outcome(Map.of(), Set.copyOf(first.stream().map(FoundMail::uid).toList()));
          },
          () -> true);
    }
    assertThat(tried).hasSize(9);
    assertThat(drain.look(ALL, this::store, () -> true)).isEqualTo(9);
  }

  @Test
  void a_look_takes_no_more_than_it_may_and_stops_when_told() throws Exception {
    deliver(25);
    assertThat(drain.look(12, this::store, () -> true)).isEqualTo(12);
    assertThat(drain.look(ALL, this::store, () -> taken.size() < 22)).isEqualTo(10);
    assertThat(folder("INBOX")).hasSize(3);
  }

  @Test
  void mails_about_one_of_ours_keep_their_order() {
    byte[] first = Returned.bytes("To: bounce+abcdefg@x.example\n\nfailed\n");
    byte[] second = Returned.bytes("Subject: late\nTo: bounce+abcdefg@x.example\n\nfailed\n");
    for (int lanes = 1; lanes < 8; lanes++) {
      assertThat(Lanes.of(new FoundMail(1, new RawMail(first, 0)), lanes))
          .isEqualTo(Lanes.of(new FoundMail(2, new RawMail(second, 0)), lanes))
          .isBetween(0, lanes - 1);
    }
  }

  @Test
  void two_sidecars_on_one_mailbox_lose_nothing_and_file_nothing_twice() throws Exception {
    deliver(20);
    try (MailboxDrain other = drain(new Fetch(100_000, 7, 200_000))) {
      drain.look(
          ALL,
          chunk -> {
            try {
              other.look(ALL, this::store, () -> true);
            } catch (MessagingException e) {
              throw new AssertionError(e);
            }
            return store(chunk);
          },
          () -> true);
    }
    assertThat(folder("INBOX")).isEmpty();
    assertThat(folder("Processed")).hasSize(20);
  }

  private SandboxWorld world() {
    Map<String, String> sandbox =
        Map.of(
            "sandbox.dir", dir.toString(),
            "sandbox.smtp-port", Integer.toString(smtp),
            "sandbox.imap-port", Integer.toString(imap),
            "sandbox.pop3-port", Integer.toString(pop3));
    return new SandboxWorld(SandboxConfig.from(Settings.of(sandbox)), InstantSource.system())
        .start();
  }

  private Outcome store(List<FoundMail> chunk) {
    return except(chunk, found -> false);
  }

  private Outcome except(List<FoundMail> chunk, Predicate<FoundMail> broken) {
    List<FoundMail> good = chunk.stream().filter(broken.negate()).toList();
    taken.addAll(good);
    return new Outcome(
        folders(good), Set.copyOf(chunk.stream().filter(broken).map(FoundMail::uid).toList()));
  }

  private static Map<Long, String> folders(List<FoundMail> chunk) {
    Map<Long, String> folders = new HashMap<>();
    chunk.forEach(found -> folders.put(found.uid(), "Processed"));
    return folders;
  }

  private List<String> subjects() {
    return taken.stream().map(MailboxDrainTest::subject).toList();
  }

  private static String subject(FoundMail found) {
    return new String(found.mail().raw(), StandardCharsets.ISO_8859_1)
        .lines()
        .findFirst()
        .orElseThrow()
        .replace("Subject: ", "");
  }

  private static List<String> names(int from, int until) {
    List<String> names = new ArrayList<>();
    for (int i = from; i < until; i++) {
      names.add("mail " + i);
    }
    return names;
  }

  private void deliver(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      String mail = "Subject: mail " + delivered + "\r\n\r\nHi\r\n";
      world.deliver(SandboxWorld.Account.BOUNCES, mail.getBytes(StandardCharsets.US_ASCII));
      delivered++;
    }
  }

  private List<String> folder(String name) throws Exception {
    return Mailboxes.read("imap", imap, "bounces", "sandbox", name);
  }

  private MailboxDrain drain(Fetch fetch) {
    return new MailboxDrain(
        new ImapInbox(
            new BouncesConfig.Mailbox("127.0.0.1", line.port(), "bounces", "sandbox", false)),
        fetch,
        new Deferrals(clock, Duration.ofMinutes(1)),
        () -> durable.run());
  }
}
