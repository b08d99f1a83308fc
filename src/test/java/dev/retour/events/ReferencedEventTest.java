package dev.retour.events;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.messages.PayloadFault;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events that name files instead of bringing them. */
class ReferencedEventTest {
  private static final byte[] PDF = "%PDF-1.4 of the archive".getBytes(US_ASCII);

  @TempDir private Path dir;
  private final TickingClock clock = new TickingClock();
  private Path archive;
  private Path rules;

  @BeforeEach
  void open() throws IOException {
    archive = Files.createDirectories(dir.resolve("archive/2026")).getParent();
    Files.write(archive.resolve("2026/INV-1.pdf"), PDF);
    rules = dir.resolve("attachments.yaml");
    Files.writeString(
        rules,
        """
        stores:
          - {id: archive, folder: "%s"}
          - {id: gone, folder: "%s/gone"}
        """
            .formatted(archive, dir));
  }

  @Test
  void it_is_read_at_acceptance_and_kept_and_a_repeat_needs_it_no_more() throws IOException {
    Jdbi jdbi = TestDatabase.fresh();
    MessageRoom room =
        new MessageRoom(
                dir.resolve("messages"),
                jdbi,
                clock,
                References.load(rules, FileTables.none(), clock))
            .write(
                "Hi [=ctx.name]",
                """
                document:
                  attachment:
                    contentTypes: [application/pdf]
                    stores: [archive, gone]
                """)
            .publish();
    String body = body("archive", "2026/INV-1.pdf");
    IntakeAnswer first = room.post(body, "key-1");
    assertThat(first).isInstanceOf(IntakeAnswer.Accepted.class);
    Files.delete(archive.resolve("2026/INV-1.pdf"));

    assertThat(room.post(body, "key-1")).isInstanceOf(IntakeAnswer.Replayed.class);
    assertThat(room.post(body, "key-2"))
        .isEqualTo(
            new IntakeAnswer.Invalid(
                List.of(
                    new PayloadFault(
                        "/document/reference/key",
                        "the key of a file in the store archive",
                        "no such file"))));
    assertThat(room.post(body("gone", "x.pdf"), null))
        .isInstanceOfSatisfying(
            IntakeAnswer.Unavailable.class,
            away -> assertThat(away.sentence()).startsWith("The store gone does not answer"));
    BatchAnswer batch =
        room.events()
            .batches()
            .accept(MessageRoom.TYPE, (body + "\n" + body("gone", "x")).getBytes(UTF_8), null);
    assertThat(((BatchAnswer.Lines) batch).lines())
        .extracting(line -> line.answer().getClass().getSimpleName())
        .containsExactly("Invalid", "Unavailable");

    room.process();
    String mail =
        jdbi.withHandle(
            handle ->
                handle
                    .createQuery("SELECT raw FROM mail_content")
                    .map((row, context) -> new String(row.getBytes(1), ISO_8859_1))
                    .one());
    assertThat(mail).contains("INV.pdf").contains(Base64.getEncoder().encodeToString(PDF));
  }

  private static String body(String store, String key) {
    return """
        {"email":"anna@example.com","ctx":{"name":"Anna"},"document":{"id":"INV-1",\
        "fileName":"INV.pdf","contentType":"application/pdf",\
        "reference":{"store":"%s","key":"%s"}}}"""
        .formatted(store, key);
  }
}
