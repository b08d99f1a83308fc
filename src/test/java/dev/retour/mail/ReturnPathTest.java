package dev.retour.mail;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReturnPathTest {
  private static final Instant NOW = Instant.parse("2026-03-03T08:00:00Z");
  private static final SigningKey OLD = key(1, "an old secret of more than sixteen bytes");
  private static final SigningKey NEW = key(2, "a new secret of more than sixteen bytes");

  private final ReturnPath paths = paths(NEW, OLD);

  @Test
  void the_bounce_to_a_signed_sender_names_its_package() {
    for (long id : new long[] {0, 1, 4711, Long.MAX_VALUE, -1}) {
      assertThat(paths.verify(paths.sign(id, NOW), NOW)).contains(id);
    }
  }

  @Test
  void the_sender_is_valid_for_smtp_and_survives_a_change_of_case() {
    String sender = paths.sign(4711, NOW);
    assertThat(sender).matches("bounce\\+[a-z2-7]{37}@shop\\.example");
    assertThat(sender.indexOf('@')).isLessThanOrEqualTo(64);
    assertThat(paths.verify(sender.toUpperCase(Locale.ROOT), NOW)).contains(4711L);
  }

  @Test
  void every_changed_letter_is_noticed() {
    String sender = paths.sign(4711, NOW);
    for (int at = 7; at < sender.indexOf('@'); at++) {
      for (char letter : "abcdefghijklmnopqrstuvwxyz234567".toCharArray()) {
        String forged = sender.substring(0, at) + letter + sender.substring(at + 1);
        assertThat(forged.equals(sender) || paths.verify(forged, NOW).isEmpty()).isTrue();
      }
    }
  }

  @Test
  void a_bounce_counts_until_the_last_day_of_validity() {
    String sender = paths.sign(4711, NOW);
    assertThat(paths.verify(sender, NOW.plus(Duration.ofDays(7)))).contains(4711L);
    assertThat(paths.verify(sender, NOW.plus(Duration.ofDays(9)))).isEmpty();
  }

  @Test
  void an_old_key_still_verifies_and_a_withdrawn_one_does_not() {
    String sender = paths(OLD).sign(4711, NOW);
    assertThat(paths.verify(sender, NOW)).contains(4711L);
    assertThat(paths(NEW).verify(sender, NOW)).isEmpty();
  }

  @Test
  void guessed_senders_name_no_package() {
    Random random = new Random(7);
    for (int i = 0; i < 2_000; i++) {
      StringBuilder token = new StringBuilder("bounce+");
      for (int j = 0; j < 37; j++) {
        token.append("abcdefghijklmnopqrstuvwxyz234567".charAt(random.nextInt(32)));
      }
      assertThat(paths.verify(token + "@shop.example", NOW)).isEmpty();
    }
  }

  @Test
  void other_addresses_are_no_tokens() {
    String sender = paths.sign(4711, NOW);
    assertThat(paths.verify("bounce@shop.example", NOW)).isEmpty();
    assertThat(paths.verify("", NOW)).isEmpty();
    assertThat(paths.verify(sender.replace("shop", "shoq"), NOW)).isEmpty();
  }

  @Test
  void keys_that_cannot_protect_are_refused() {
    assertThatThrownBy(() -> new SigningKey(1, new byte[15])).hasMessageContaining("16 bytes");
    assertThatThrownBy(() -> paths(NEW, NEW)).hasMessageContaining("twice");
    assertThatThrownBy(() -> paths()).hasMessageContaining("at least one");
    assertThat(NEW.toString()).doesNotContain("secret");
  }

  private static ReturnPath paths(SigningKey... keys) {
    return new ReturnPath("bounce", "shop.example", Duration.ofDays(7), List.of(keys));
  }

  private static SigningKey key(int id, String secret) {
    return new SigningKey(id, secret.getBytes(US_ASCII));
  }
}
