package dev.retour.bounces;

import static dev.retour.bounces.DrainFixture.ALL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retour.bounces.BouncesConfig.Fetch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Chunks of mails against the sandbox's IMAP server. */
@Timeout(120)
class MailboxDrainTest {
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
  void a_chunk_costs_a_handful_of_commands_not_several_per_mail() throws Exception {
    drain.look(ALL, it::store, () -> true);
    it.deliver(30);
    int before = it.line.commands();
    assertThat(drain.look(ALL, it::store, () -> true)).isEqualTo(30);
    assertThat(it.line.commands() - before).isLessThan(3 * 6);
    assertThat(it.folder("INBOX")).isEmpty();
    assertThat(it.folder("Processed")).hasSize(30);
    assertThat(it.subjects()).containsExactlyElementsOf(names(0, 30));
  }

  @Test
  void nothing_is_moved_before_all_of_the_chunk_is_durable() throws Exception {
    it.deliver(3);
    it.durably(
        () -> {
          throw new IllegalStateException("The database is gone.");
        });
    assertThatThrownBy(() -> drain.look(ALL, it::store, () -> true))
        .hasMessage("The database is gone.");
    assertThat(it.folder("INBOX")).hasSize(3);

    it.durably(() -> assertThat(it.taken).as("the whole chunk again").hasSize(6));
    assertThat(drain.look(ALL, it::store, () -> true)).isEqualTo(3);
    assertThat(it.folder("Processed")).hasSize(3);
  }

  @Test
  void the_bytes_are_those_of_the_server_however_broken_and_large() throws Exception {
    byte[] broken = "Subject: \0\u00ff\r\nFrom\r\n\r\nx\0".getBytes(StandardCharsets.ISO_8859_1);
    byte[] large =
        ("Subject: large\r\n\r\n" + "x".repeat(250_000)).getBytes(StandardCharsets.UTF_8);
    it.deliver(broken);
    it.deliver(1);
    it.deliver(large);
    it.deliver(1);
    drain.look(ALL, it::store, () -> true);
    assertThat(it.taken).hasSize(4);
    assertThat(it.taken.get(0).mail().raw()).isEqualTo(broken);
    assertThat(it.taken.get(2).mail().raw())
        .hasSize(100_000)
        .startsWith("Subject: large".getBytes(StandardCharsets.US_ASCII));
    assertThat(it.taken.get(2).mail().totalBytes()).isEqualTo(large.length);
    assertThat(it.folder("INBOX")).isEmpty();
  }

  @Test
  void a_mail_larger_than_a_piece_is_put_together_again() throws Exception {
    drain = it.drain(new Fetch(5_000_000, 10, 200_000));
    StringBuilder text = new StringBuilder("Subject: large\r\n\r\n");
    for (int i = 0; text.length() < 2_500_000; i++) {
      text.append("line ").append(i).append("\r\n");
    }
    byte[] raw = text.toString().getBytes(StandardCharsets.US_ASCII);
    it.deliver(raw);
    drain.look(ALL, it::store, () -> true);
    assertThat(it.taken.get(0).mail().raw()).isEqualTo(raw);
    assertThat(it.taken.get(0).mail().totalBytes()).isEqualTo(raw.length);
  }

  @Test
  void a_look_takes_no_more_than_it_may_and_stops_when_told() throws Exception {
    it.deliver(25);
    assertThat(drain.look(12, it::store, () -> true)).isEqualTo(12);
    assertThat(drain.look(ALL, it::store, () -> it.taken.size() < 22)).isEqualTo(10);
    assertThat(it.folder("INBOX")).hasSize(3);
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

  private static List<String> names(int from, int until) {
    List<String> names = new ArrayList<>();
    for (int i = from; i < until; i++) {
      names.add("mail " + i);
    }
    return names;
  }
}
