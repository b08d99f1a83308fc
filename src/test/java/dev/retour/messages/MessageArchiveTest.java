package dev.retour.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

/** Archives of versions, and those of strangers. */
class MessageArchiveTest {
  @Test
  void what_was_written_is_read_again() throws Exception {
    SortedMap<String, String> texts =
        new TreeMap<>(Map.of("EVTa/subject.txt", "Grüße", "_shared/x.ftl", ""));
    assertThat(MessageArchive.read(MessageArchive.write(texts))).isEqualTo(texts);
  }

  @Test
  void the_digest_tells_apart_what_differs_in_a_name_only() {
    byte[] one = MessageArchive.digest(new TreeMap<>(Map.of("EVTa/b", "c")));
    byte[] other = MessageArchive.digest(new TreeMap<>(Map.of("EVTa/bc", "")));
    assertThat(one).isNotEqualTo(other);
    assertThat(MessageArchive.digest(new TreeMap<>(Map.of("EVTa/b", "c")))).isEqualTo(one);
  }

  @Test
  void names_that_lead_out_of_the_folder_are_refused() throws Exception {
    for (String name :
        List.of(
            "../EVTa/subject.txt",
            "EVTa/../../etc/passwd",
            "/etc/passwd",
            "EVTa\\..\\x",
            "EVTa/.hidden",
            "EVTa//x",
            "subject.txt",
            "EVTa/message.mjml#html",
            "EVTa/a b.txt",
            "EVTa/\u0000x",
            "C:/x",
            "EVTa/" + "x".repeat(300))) {
      assertThatThrownBy(() -> MessageArchive.read(zip(name, "x")))
          .as(name)
          .isInstanceOf(MessageArchive.Refused.class);
    }
  }

  @Test
  void a_small_archive_of_a_huge_file_is_refused_before_it_is_unpacked() throws Exception {
    byte[] bomb = zip("EVTa/subject.txt", "x".repeat(30_000_000));
    assertThat(bomb.length).isLessThan(100_000);
    assertThatThrownBy(() -> MessageArchive.read(bomb)).hasMessageContaining("too large");
  }

  @Test
  void what_is_no_archive_is_said_to_be_none() {
    for (byte[] bytes :
        List.of(
            new byte[0],
            new byte[] {1, 2, 3},
            "PK\u0003\u0004".getBytes(StandardCharsets.US_ASCII))) {
      assertThatThrownBy(() -> MessageArchive.read(bytes))
          .isInstanceOf(MessageArchive.Refused.class);
    }
  }

  private static byte[] zip(String name, String text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8)) {
      zip.putNextEntry(new ZipEntry(name));
      zip.write(text.getBytes(StandardCharsets.UTF_8));
      zip.closeEntry();
    }
    return out.toByteArray();
  }
}
