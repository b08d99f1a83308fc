package dev.retour.messages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.config.FileFault;
import dev.retour.store.Sources;
import jakarta.mail.Multipart;
import jakarta.mail.internet.MimeBodyPart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images that travel in the mail are what the HTML shows, and nothing else is sent as one. */
class ImagesTest {
  private static final byte[] PNG = bytes(0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n', 0, 255, 128);
  private static final byte[] GIF = bytes('G', 'I', 'F', '8', '9', 'a', 1, 2, 3);

  @TempDir Path root;

  @Test
  void an_image_stands_beside_the_html_that_shows_it() throws Exception {
    MessageFolder folder =
        new MessageFolder(root)
            .html(
                "<img src=\"cid:logo.png\" alt=\"\"><p>[=ctx.name]</p>"
                    + "<img src='cid:logo.png' alt=''><img src=\"cid:foot.gif\" alt=\"\">");
    image("EVTtest/images/logo.png", PNG);
    image("_shared/images/foot.gif", GIF);
    image("EVTtest/images/unused.png", PNG);
    ParsedMail mail = new ParsedMail(MessageFolder.renderName(folder.load(), "Ada"));
    assertThat(mail.types()).containsExactly("text/plain", "text/html", "image/png", "image/gif");
    assertThat(mail.bytes("image/png")).isEqualTo(PNG);
    assertThat(mail.bytes("image/gif")).isEqualTo(GIF);
    Multipart alternative = (Multipart) mail.message().getContent();
    assertThat(alternative.getContentType()).startsWith("multipart/alternative");
    Multipart related = (Multipart) alternative.getBodyPart(1).getContent();
    assertThat(related.getContentType()).startsWith("multipart/related");
    String id = ((MimeBodyPart) related.getBodyPart(1)).getContentID();
    assertThat(id).matches("<logo\\.png\\.[0-9a-f]{12}@example\\.com>");
    assertThat(mail.text("text/html"))
        .contains("src=\"cid:" + id.substring(1, id.length() - 1) + "\"")
        .contains("src='cid:" + id.substring(1, id.length() - 1) + "'");
  }

  @Test
  void mjml_shows_them_too_and_a_document_stays_beside_them() throws Exception {
    MessageFolder folder =
        new MessageFolder(root)
            .write(
                "EVTtest/message.mjml",
                "<mjml><mj-body><mj-section><mj-column><mj-text>Dear [=ctx.name]</mj-text>"
                    + "<mj-image src=\"cid:logo.png\" alt=\"Shop\" /></mj-column></mj-section>"
                    + "</mj-body></mjml>");
    Files.delete(root.resolve("EVTtest/message.html"));
    image("EVTtest/images/logo.png", PNG);
    ParsedMail mail = new ParsedMail(MessageFolder.renderName(folder.load(), "Ada"));
    assertThat(mail.types()).containsExactly("text/plain", "text/html", "image/png");
  }

  @Test
  void an_image_that_is_missing_or_none_is_refused() throws Exception {
    MessageFolder folder =
        new MessageFolder(root).html("<p>[=ctx.name]</p>\n<img src=\"cid:no.png\" alt=\"\">");
    image(
        "EVTtest/images/text.png",
        "<svg onload=alert(1)>".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    image("EVTtest/images/large.png", Arrays.copyOf(PNG, ImageFile.BYTES_MAX + 1));
    image(
        "EVTtest/images/moving.gif",
        ("GIF89a" + "NETSCAPE2.0").getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    image("EVTtest/logo.png", PNG);
    assertThat(folder.faults())
        .extracting(FileFault::toString)
        .containsExactly(
            "EVTtest/images/large.png:0: The image is larger than 100000 bytes; link to it, or make"
                + " it smaller.",
            "EVTtest/images/moving.gif:0: The image is animated; many mail readers show its first"
                + " frame only.",
            "EVTtest/images/text.png:0: The file is no image of the type its ending says.",
            "EVTtest/logo.png:0: An image belongs into the folder images/ of a message or of"
                + " _shared.",
            "EVTtest/message.html:3: There is no image no.png in images/ of this message or of"
                + " _shared.");
  }

  @Test
  void an_archive_keeps_every_octet_of_an_image() throws Exception {
    new MessageFolder(root).html("<p>[=ctx.name]</p><img src=\"cid:logo.png\" alt=\"\">");
    image("_shared/images/logo.png", PNG);
    Draft draft = MessageFiles.read(root, "EVTtest").draft("EVTtest");
    assertThat(draft.texts()).containsKey("_shared/images/logo.png");
    var read = MessageArchive.read(MessageArchive.write(draft.texts()));
    assertThat(read).isEqualTo(new TreeMap<>(draft.texts()));
    assertThat(
            read.getOrDefault("_shared/images/logo.png", "").getBytes(ImageFile.charset("x.png")))
        .isEqualTo(PNG);
    Publication publication = Publication.of(draft, MessagesConfig.of(root), Sources.none());
    EventType type =
        new StoredVersion("EVTtest", 1, draft.texts(), publication.compiled())
            .ready(MessagesConfig.of(root));
    assertThat(new ParsedMail(MessageFolder.renderName(type, "Ada")).bytes("image/png"))
        .isEqualTo(PNG);
  }

  @Test
  void an_archive_from_strangers_brings_no_other_file_as_an_image() {
    var texts = new TreeMap<String, String>();
    for (var each : List.of("event.yaml", "subject.txt", "message.html")) {
      new MessageFolder(root).html("<p>[=ctx.name]</p><img src=\"cid:x.png\" alt=\"\">");
      texts.put(
          "EVTtest/" + each,
          MessageFiles.read(root).of("EVTtest").getOrDefault("EVTtest/" + each, ""));
    }
    texts.put("EVTtest/images/x.png", "#!/bin/sh");
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () ->
                Publication.of(
                    new Draft("EVTtest", texts), MessagesConfig.of(root), Sources.none()))
        .isInstanceOf(MessageSetException.class)
        .hasMessageContaining("no image of the type its ending says");
  }

  private void image(String file, byte[] bytes) throws Exception {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.write(path, bytes);
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
