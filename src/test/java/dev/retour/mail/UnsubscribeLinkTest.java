package dev.retour.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retour.config.ConfigException;
import dev.retour.mail.UnsubscribeLink.Token;
import dev.retour.support.DkimCheck;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The signed link of RFC 8058: nobody but us can make one, and it names no person. */
class UnsubscribeLinkTest {
  private static final Instant NOW = Instant.parse("2026-03-03T08:00:00Z");
  private static final SigningKey OLD = key(1, "an old secret of more than sixteen bytes");
  private static final SigningKey NEW = key(2, "a new secret of more than sixteen bytes");
  private static final UUID EVENT = UUID.fromString("5ab7d1f2-6f0b-4c53-9b7e-0e7c5a3f8f11");
  private static final String BASE = "https://mail.example.com/unsubscribe/";

  private final UnsubscribeLink links = links(NEW, OLD);

  @Test
  void a_link_names_its_event_whichever_key_made_it() {
    String link = links.of(EVENT, NOW).orElseThrow();
    assertThat(link).startsWith(BASE).matches(BASE + "[A-Za-z0-9_-]{47}");
    assertThat(links.verify(token(link), NOW)).isEqualTo(new Token.Valid(EVENT));
    String old = links(OLD).of(EVENT, NOW).orElseThrow();
    assertThat(links.verify(token(old), NOW)).isEqualTo(new Token.Valid(EVENT));
  }

  @Test
  void every_changed_letter_is_noticed() {
    String token = token(links.of(EVENT, NOW).orElseThrow());
    for (int at = 0; at < token.length(); at++) {
      for (char letter : "AB9_-".toCharArray()) {
        String forged = token.substring(0, at) + letter + token.substring(at + 1);
        assertThat(forged.equals(token) || links.verify(forged, NOW) instanceof Token.Unknown)
            .as(forged)
            .isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "preview", "null", "../../etc/passwd", "ä", "${jndi:x}"})
  void what_is_no_token_is_unknown(String text) {
    assertThat(links.verify(text, NOW)).isInstanceOf(Token.Unknown.class);
  }

  @Test
  void a_link_of_a_stranger_or_of_a_removed_key_is_unknown() {
    String foreign =
        token(links(key(2, "the secret of another house, really")).of(EVENT, NOW).orElseThrow());
    assertThat(links.verify(foreign, NOW)).isInstanceOf(Token.Unknown.class);
    String old = token(links(OLD).of(EVENT, NOW).orElseThrow());
    assertThat(links(NEW).verify(old, NOW)).isInstanceOf(Token.Unknown.class);
  }

  @Test
  void a_signature_made_for_a_return_path_is_none_for_a_link() {
    String sender =
        new ReturnPath("bounce", "example.com", Duration.ofDays(30), List.of(NEW)).sign(1, NOW);
    assertThat(links.verify(sender.substring(7, sender.indexOf('@')), NOW))
        .isInstanceOf(Token.Unknown.class);
  }

  @Test
  void a_link_counts_until_the_last_day_of_its_validity() {
    String token = token(links.of(EVENT, NOW).orElseThrow());
    assertThat(links.verify(token, NOW.plus(Duration.ofDays(60))))
        .isEqualTo(new Token.Valid(EVENT));
    assertThat(links.verify(token, NOW.plus(Duration.ofDays(62))))
        .isInstanceOf(Token.Expired.class);
  }

  @Test
  void without_an_address_there_is_no_link() {
    assertThat(UnsubscribeLink.none().of(EVENT, NOW)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://mail.example.com",
        "https://mail.example.com/?a=b",
        "https://anna@mail.example.com",
        "https://mail.example.com/>x",
        "javascript:alert(1)",
        "mail.example.com",
      })
  void an_address_recipients_cannot_use_is_refused(String url) {
    assertThatThrownBy(() -> new UnsubscribeConfig(url, Duration.ofDays(1)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("unsubscribe.url");
  }

  @Test
  void the_address_may_lie_below_a_path_or_on_this_machine() {
    assertThat(new UnsubscribeConfig("https://example.com/mail/", Duration.ofDays(1)).link("t"))
        .isEqualTo("https://example.com/mail/unsubscribe/t");
    assertThat(new UnsubscribeConfig("http://127.0.0.1:8080", Duration.ofDays(1)).host())
        .isEqualTo("127.0.0.1");
  }

  @Test
  void both_fields_are_under_both_signatures(@TempDir Path folder) throws Exception {
    SigningFixture it = new SigningFixture(folder);
    it.key("example.com", "s1.2026-01-01");
    Files.writeString(
        it.keys().resolve("example.com/ed.2026-01-01.pem"), SigningFixture.pem("Ed25519"));
    String mail =
        "List-Unsubscribe: <"
            + links.of(EVENT, NOW).orElseThrow()
            + ">\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
            + SigningFixture.MAIL;
    String signed = SigningFixture.sign(it.signer(Map.of()), mail);
    assertThat(DkimCheck.signatures(signed)).isEqualTo(2);
    for (int i = 0; i < 2; i++) {
      String selector = DkimCheck.tag(signed, i, "s");
      String record =
          DkimKeys.load(it.keys()).all().stream()
              .filter(each -> each.selector().equals(selector))
              .findFirst()
              .orElseThrow()
              .record();
      assertThat(List.of(DkimCheck.tag(signed, i, "h").toLowerCase(Locale.ROOT).split(":", -1)))
          .contains("list-unsubscribe", "list-unsubscribe-post");
      assertThat(DkimCheck.verify(signed, i, record)).isTrue();
      assertThat(DkimCheck.verify(signed.replace("/unsubscribe/", "/elsewhere/"), i, record))
          .isFalse();
      assertThat(DkimCheck.verify(signed.replace("=One-Click", "=Two-Clicks"), i, record))
          .isFalse();
    }
  }

  private static String token(String link) {
    return link.substring(BASE.length());
  }

  private static UnsubscribeLink links(SigningKey... keys) {
    return new UnsubscribeLink(
        new UnsubscribeConfig("https://mail.example.com", Duration.ofDays(60)), List.of(keys));
  }

  private static SigningKey key(int id, String secret) {
    return new SigningKey(id, secret.getBytes(StandardCharsets.UTF_8));
  }
}
