package dev.retour.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retour.config.Settings;
import dev.retour.support.DkimCheck;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mails whose bytes are not all ASCII: 8BITMIME bodies and the header of RFC 6532. */
class EightBitSigningTest {
  private static final EmailAddress SHOP = EmailAddress.parse("shop@example.com").orElseThrow();
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final String MAIL =
      "From: Grüße <shop@example.com>\r\nTo: jürgen@müller.example\r\nSubject: Grüße\r\n"
          + "Date: Sat, 21 Nov 2026 12:00:00 +0000\r\nMessage-ID: <1@example.com>\r\n"
          + "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
          + "Content-Transfer-Encoding: 8bit\r\n\r\nGrüße, 12 €\r\n";

  @TempDir private Path keys;

  @BeforeEach
  void keys() throws Exception {
    Path home = Files.createDirectories(keys.resolve("example.com"));
    Files.writeString(home.resolve("rsa.2026-01-01.pem"), SigningFixture.pem("RSA"));
    Files.writeString(home.resolve("ed.2026-01-01.pem"), SigningFixture.pem("Ed25519"));
  }

  @Test
  void utf8_in_header_and_body_is_signed_by_its_bytes() throws Exception {
    String signed = latin1(sign(MAIL.getBytes(StandardCharsets.UTF_8)));
    List<DkimKey> all = DkimKeys.load(keys).all();
    assertThat(DkimCheck.signatures(signed)).isEqualTo(all.size());
    for (int i = 0; i < all.size(); i++) {
      String selector = DkimCheck.tag(signed, i, "s");
      DkimKey key =
          all.stream().filter(each -> each.selector().equals(selector)).findFirst().orElseThrow();
      assertThat(DkimCheck.verify(signed, i, key.record())).as(selector).isTrue();
    }
  }

  @Test
  void a_body_in_another_charset_is_refused_rather_than_signed_wrongly() {
    assertThatThrownBy(() -> sign(MAIL.replace("€", "").getBytes(StandardCharsets.ISO_8859_1)))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("neither 7 bits nor UTF-8");
  }

  private byte[] sign(byte[] mail) throws SigningException {
    SigningConfig config = SigningConfig.from(Settings.of(Map.of("dkim.keys", keys.toString())));
    return new MailSigner(config, SigningRules.ALL).sign(mail, SHOP, List.of("example.net"), NOW);
  }

  private static String latin1(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
