package dev.retour.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.retour.config.FileFault;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipOutputStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages of another installation come in force here, all of them or none. */
class MessageTransferTest {
  @TempDir Path dir;
  private final Jdbi jdbi = TestDatabase.fresh();
  private MessageFolder folder;
  private MessagesModule room;

  @BeforeEach
  void open() {
    folder = new MessageFolder(dir.resolve("messages"));
    room = room(jdbi, folder.config(Map.of()));
  }

  @Test
  void what_an_archive_holds_comes_in_force_whatever_its_order() throws Exception {
    Path archive = archive(Map.of(), "EVTtest", "EVTother");
    assertThat(room.transfer().plan(archive))
        .extracting(MessageTransfer.Step::id)
        .containsExactly("EVTother", "EVTtest");
    assertThat(room.messages().ids()).isEmpty();
    room.transfer().imported(archive, "ann", "");
    assertThat(room.messages().ids()).containsExactly("EVTother", "EVTtest");
    assertThat(subject("EVTother")).isEqualTo("Hello Ann");
    assertThat(room.transfer().imported(archive, "ann", ""))
        .extracting(MessageTransfer.Step::because)
        .containsExactly("the same is in force", "the same is in force");
    assertThat(room.folders().versions("EVTtest")).hasSize(1);
  }

  @Test
  void a_fault_in_one_message_refuses_all_and_every_fault_is_said() throws Exception {
    Path archive =
        archive(
            Map.of("EVTother", "[=ctx.nobody]", "EVTthird", "[=ctx.nothing]"),
            "EVTtest",
            "EVTother",
            "EVTthird");
    assertThatThrownBy(() -> room.transfer().imported(archive, "ann", ""))
        .isInstanceOfSatisfying(
            MessageTransfer.RefusedException.class,
            refused ->
                assertThat(refused.faults())
                    .extracting(FileFault::file)
                    .contains("EVTother/subject.txt", "EVTthird/subject.txt"));
    assertThat(rows()).isZero();
  }

  @Test
  void each_message_is_checked_once() throws Exception {
    MessagesModule shipped = room(TestDatabase.fresh(), MessagesConfig.of(Path.of("messages")));
    shipped.saved().publishFirst();
    Path archive = Files.write(dir.resolve("shipped.zip"), shipped.transfer().exported(List.of()));
    room.transfer().plan(archive);
    long before = allocated();
    room.transfer().plan(archive);
    long planned = allocated() - before;
    before = allocated();
    room.transfer().imported(archive, "ann", "");
    assertThat(allocated() - before).isLessThan(planned + planned / 2);
    assertThat(room.messages().ids()).isEqualTo(shipped.messages().ids());
  }

  @Test
  void what_is_no_archive_is_refused_before_it_is_unpacked() throws Exception {
    Path manifest = dir.resolve("bomb.zip");
    try (OutputStream out = Files.newOutputStream(manifest);
        ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8)) {
      MessageArchive.add(zip, "manifest.json", new byte[30_000_000]);
      MessageArchive.add(zip, "EVTtest.zip", message("EVTtest", "Hello"));
    }
    refused(manifest);
    byte[] whole = Files.readAllBytes(archive(Map.of(), "EVTtest"));
    refused(Files.write(dir.resolve("cut.zip"), java.util.Arrays.copyOf(whole, 200)));
    refused(Files.writeString(dir.resolve("text.zip"), "PK, but no zip"));
    refused(archive(Map.of(), "../EVTtest"));
    refused(archive(Map.of()));
    assertThatThrownBy(() -> room.transfer().plan(dir.resolve("none.zip")))
        .isInstanceOf(UncheckedIOException.class);
    assertThat(rows()).isZero();
  }

  private void refused(Path archive) {
    assertThatThrownBy(() -> room.transfer().imported(archive, "ann", ""))
        .isInstanceOf(MessageTransfer.RefusedException.class)
        .hasMessageContaining("This is no archive of ./retour messages export");
  }

  /** Messages in this order, with subjects of their own where they are given. */
  private Path archive(Map<String, String> subjects, String... ids) throws IOException {
    Path file = Files.createTempFile(dir, "messages", ".zip");
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8)) {
      for (String id : ids) {
        String subject = subjects.getOrDefault(id, "Hello [=ctx.name]");
        MessageArchive.add(zip, id + ".zip", message(id, subject));
      }
      MessageArchive.add(zip, "manifest.json", "{}".getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }

  private byte[] message(String id, String subject) {
    SortedMap<String, String> texts = new TreeMap<>();
    MessageFiles.read(dir.resolve("messages"), "EVTtest")
        .of("EVTtest")
        .forEach((file, text) -> texts.put(named(file, id), named(text, id)));
    texts.put(named("EVTtest/subject.txt", id), subject);
    return MessageArchive.write(texts);
  }

  private static String named(String text, String id) {
    return text.replace("EVTtest", id);
  }

  private String subject(String id) {
    return MessageFolder.renderName(room.messages().published(id).orElseThrow(), "Ann").subject();
  }

  private int rows() {
    return jdbi.withHandle(
        handle -> handle.select("SELECT count(*) FROM message").mapTo(Integer.class).one());
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  private static MessagesModule room(Jdbi jdbi, MessagesConfig config) {
    TickingClock clock = new TickingClock();
    return new MessagesModule(config, jdbi, clock, clock);
  }
}
