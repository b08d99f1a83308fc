package dev.retour.events;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retour.messages.FileReference;
import dev.retour.support.TickingClock;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that events name: read from configured places only, when the event is accepted. */
class ReferenceTest {
  private static final byte[] PDF = "%PDF-1.4 of the archive".getBytes(US_ASCII);

  @TempDir private Path dir;
  private final TickingClock clock = new TickingClock();
  private Path archive;
  private Path rules;
  private final Tables tables = new Tables();

  /** A database that answers what a test says. */
  private static final class Tables implements FileTables {
    private Rows rows = new Rows.Found(List.of(PDF));
    private String asked = "";

    @Override
    public Optional<String> fault(String sql) {
      return sql.startsWith("SELECT") ? Optional.empty() : Optional.of("No SELECT.");
    }

    @Override
    public Rows ask(String source, String sql, String key) {
      asked = source + "|" + sql + "|" + key;
      return rows;
    }
  }

  @BeforeEach
  void open() throws IOException {
    archive = Files.createDirectories(dir.resolve("archive/2026")).getParent();
    Files.write(archive.resolve("2026/INV-1.pdf"), PDF);
    Files.write(dir.resolve("secret.pdf"), PDF);
    rules = dir.resolve("attachments.yaml");
    Files.writeString(
        rules,
        """
        stores:
          - id: archive
            folder: "%s"
          - id: table
            source: erp
            sql: SELECT content FROM archive WHERE name = :key
          - id: gone
            folder: "%s/gone"
        """
            .formatted(archive, dir));
  }

  private FileAnswer fetch(String store, String key) {
    return References.load(rules, tables, clock)
        .fetch(new FileReference("/attachments/0/reference", store, key, 1_000));
  }

  private static String refused(FileAnswer answer) {
    assertThat(answer).isInstanceOf(FileAnswer.Refused.class);
    FileAnswer.Refused refused = (FileAnswer.Refused) answer;
    return refused.expected() + " / " + refused.found();
  }

  @Test
  void a_file_below_the_folder_is_read() throws IOException {
    assertThat(((FileAnswer.Found) fetch("archive", "2026/INV-1.pdf")).bytes()).isEqualTo(PDF);
    Files.createSymbolicLink(archive.resolve("newest.pdf"), archive.resolve("2026/INV-1.pdf"));
    assertThat(fetch("archive", "newest.pdf")).isInstanceOf(FileAnswer.Found.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../secret.pdf",
        "2026/../../secret.pdf",
        "2026/../2026/INV-1.pdf",
        "..",
        ".",
        "2026/./INV-1.pdf",
        "/etc/passwd",
        "2026//INV-1.pdf",
        "2026/",
        "..\\secret.pdf",
        "2026\\INV-1.pdf"
      })
  void a_key_that_is_no_plain_path_is_refused_unread(String key) {
    assertThat(refused(fetch("archive", key))).startsWith("a path within the store such as");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest/meta-data/",
        "https://example.com/x.pdf",
        "HTTP:x",
        "file:///etc/passwd",
        "file:/etc/passwd",
        "jdbc:postgresql://127.0.0.1/retour",
        "jar:file:///x.jar!/y",
        "gopher://127.0.0.1:25/_HELO",
        "ldap://127.0.0.1/x",
        "data:application/pdf;base64,AAAA",
        "C:\\windows\\win.ini",
        "C:/windows/win.ini",
        "//example.com/x.pdf",
        "\\\\example.com\\share\\x.pdf"
      })
  void an_address_is_refused_by_every_store(String key) {
    assertThat(refused(fetch("archive", key))).contains("addresses (URLs) are never called");
    assertThat(refused(fetch("table", key))).contains("addresses (URLs) are never called");
    assertThat(tables.asked).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026/INV-1.pdf\u0000.txt", "a\nb", "\u007f", " ", ""})
  void a_key_with_characters_nobody_sees_is_refused(String key) {
    assertThat(refused(fetch("archive", key))).startsWith("a key of visible characters");
  }

  @Test
  void percent_signs_are_not_decoded() {
    assertThat(refused(fetch("archive", "%2e%2e/secret.pdf"))).endsWith("no such file");
    assertThat(refused(fetch("archive", "..%2fsecret.pdf"))).endsWith("no such file");
  }

  @Test
  void a_link_that_leads_out_is_refused_wherever_it_is() throws IOException {
    Files.createSymbolicLink(archive.resolve("out.pdf"), dir.resolve("secret.pdf"));
    Files.createSymbolicLink(archive.resolve("up"), dir);
    Files.createSymbolicLink(archive.resolve("loop"), archive.resolve("loop"));
    assertThat(refused(fetch("archive", "out.pdf"))).endsWith("a link that leads out");
    assertThat(refused(fetch("archive", "up/secret.pdf"))).endsWith("a link that leads out");
    assertThat(refused(fetch("archive", "up/archive/../secret.pdf"))).startsWith("a path");
    assertThat(fetch("archive", "loop")).isNotInstanceOf(FileAnswer.Found.class);
  }

  @Test
  void a_link_put_in_place_of_a_folder_between_two_looks_is_not_followed() throws Exception {
    Path outside = Files.createDirectories(dir.resolve("outside"));
    Files.write(outside.resolve("INV-1.pdf"), "%PDF-1.4 secret".getBytes(US_ASCII));
    Path swapped = archive.resolve("2026");
    Path aside = dir.resolve("aside");
    Thread attacker =
        new Thread(
            () -> {
              while (!Thread.currentThread().isInterrupted()) {
                try {
                  Files.move(swapped, aside);
                  Files.createSymbolicLink(swapped, outside);
                  Files.delete(swapped);
                  Files.move(aside, swapped);
                } catch (IOException e) {
                  return;
                }
              }
            });
    attacker.start();
    References references = References.load(rules, tables, clock);
    FileReference reference = new FileReference("", "archive", "2026/INV-1.pdf", 1_000);
    try {
      for (int i = 0; i < 3_000; i++) {
        if (references.fetch(reference) instanceof FileAnswer.Found found) {
          assertThat(new String(found.bytes(), ISO_8859_1)).isEqualTo("%PDF-1.4 of the archive");
        }
      }
    } finally {
      attacker.interrupt();
      attacker.join(20_000);
    }
  }

  @Test
  void what_is_no_plain_file_of_modest_length_is_refused_unopened() throws Exception {
    assertThat(refused(fetch("archive", "2026"))).isEqualTo("a file / a folder");
    Files.createFile(archive.resolve("empty.pdf"));
    assertThat(refused(fetch("archive", "empty.pdf"))).endsWith("an empty file");
    try (RandomAccessFile huge = new RandomAccessFile(archive.resolve("huge.pdf").toFile(), "rw")) {
      huge.setLength(3_000_000_000L);
    }
    assertThat(refused(fetch("archive", "huge.pdf")))
        .isEqualTo("a file of at most 1000 bytes / 3000000000 bytes");
    assertThat(new ProcessBuilder("mkfifo", archive.resolve("pipe").toString()).start().waitFor())
        .isZero();
    assertThat(refused(fetch("archive", "pipe"))).isEqualTo("a file / no plain file");
    Files.writeString(
        rules,
        """
        stores:
          - {id: devices, folder: /dev}
        """);
    assertThat(refused(fetch("devices", "null"))).isEqualTo("a file / no plain file");
    assertThat(refused(fetch("devices", "zero"))).isEqualTo("a file / no plain file");
  }

  @Test
  void a_file_that_is_not_there_is_the_events_fault_a_store_that_is_not_there_is_not() {
    assertThat(refused(fetch("archive", "2026/INV-2.pdf"))).endsWith("no such file");
    assertThat(refused(fetch("archive", "2026/INV-1.pdf/x"))).endsWith("no such file");
    assertThat(refused(fetch("archive", "x".repeat(400)))).endsWith("no such file");
    assertThat(fetch("gone", "x.pdf")).isInstanceOf(FileAnswer.Away.class);
    assertThat(fetch("unknown", "x.pdf")).isInstanceOf(FileAnswer.Away.class);
  }

  @Test
  void a_table_is_asked_for_one_key() {
    assertThat(fetch("table", "INV-1'; DROP TABLE archive")).isInstanceOf(FileAnswer.Found.class);
    assertThat(tables.asked)
        .isEqualTo("erp|SELECT content FROM archive WHERE name = :key|INV-1'; DROP TABLE archive");
    tables.rows = new FileTables.Rows.Found(List.of());
    assertThat(refused(fetch("table", "INV-2"))).endsWith("no such file");
    tables.rows = new FileTables.Rows.Found(List.of(PDF, PDF));
    assertThat(refused(fetch("table", "INV-3"))).endsWith("several files");
    tables.rows = new FileTables.Rows.Found(List.of(new byte[1_001]));
    assertThat(refused(fetch("table", "INV-4"))).endsWith("1001 bytes");
    tables.rows = new FileTables.Rows.Away("it is down.");
    assertThat(fetch("table", "INV-5"))
        .isEqualTo(new FileAnswer.Away("The store table does not answer: it is down."));
  }

  @Test
  void faults_of_the_file_are_named_at_once() throws IOException {
    Files.writeString(
        rules,
        """
        stores:
          - id: a/b
            folder: /
          - id: x
          - id: x
            source: erp
            sql: DELETE FROM x
            url: http://
        """);
    assertThatThrownBy(() -> References.load(rules, tables, clock))
        .isInstanceOfSatisfying(
            ReferenceRulesException.class, e -> assertThat(e.faults()).hasSize(7));
    assertThat(References.load(dir.resolve("none.yaml"), tables, clock)).isNotNull();
  }
}
