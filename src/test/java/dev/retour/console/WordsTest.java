package dev.retour.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.text.MessageFormat;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class WordsTest {
  @Test
  void both_languages_say_the_same_things() throws IOException {
    Properties english = load("words.properties");
    Properties german = load("words_de.properties");

    assertThat(german.keySet()).isEqualTo(english.keySet());
    for (String key : english.stringPropertyNames()) {
      int arguments =
          new MessageFormat(english.getProperty(key)).getFormatsByArgumentIndex().length;
      assertThat(new MessageFormat(german.getProperty(key)).getFormatsByArgumentIndex())
          .as(key)
          .hasSize(arguments);
      assertThat(english.getProperty(key) + german.getProperty(key)).as(key).doesNotContain("'");
    }
  }

  @Test
  void a_time_of_another_day_names_the_day_of_the_zone() {
    Words words =
        new Words(
            Language.ENGLISH, ZoneId.of("Europe/Berlin"), Instant.parse("2026-11-20T12:00:00Z"));

    assertThat(words.when(Instant.parse("2026-11-19T23:30:15Z"))).isEqualTo("00:30:15");
    assertThat(words.when(Instant.parse("2026-11-19T22:30:00Z"))).isEqualTo("2026-11-19 23:30");
  }

  @Test
  void a_code_without_a_word_is_shown_as_it_is() {
    Words words = new Words(Language.GERMAN, ZoneId.of("UTC"), Instant.EPOCH);

    assertThat(words.word("reason", "99")).isEqualTo("99");
    assertThat(words.say("alarm.error.what", List.of(1)))
        .isEqualTo("Eine Mail wurde nicht zugestellt");
    assertThat(words.say("alarm.error.what", List.of(1_234L))).startsWith("1.234 Mails wurden");
  }

  @Test
  void a_phrase_within_a_phrase_is_said_in_the_same_language() {
    Phrase phrase =
        Phrase.of(
            "part.domains.suspended",
            "example.com",
            Instant.parse("2026-11-20T12:00:00Z"),
            "9 of 10 refused.",
            Phrase.of("part.domains.more", 2));

    assertThat(phrase.english())
        .contains("pauses until 2026-11-20T12:00:00Z: 9 of 10 refused. So do 2 more. Mails wait");
    assertThat(
            new Words(Language.GERMAN, ZoneId.of("UTC"), Instant.EPOCH)
                .say(phrase.key(), phrase.arguments()))
        .contains("ruht bis 2026-11-20 12:00: 9 of 10 refused. Ebenso an 2 weitere. Die Mails");
  }

  private static Properties load(String name) throws IOException {
    Properties properties = new Properties();
    try (InputStream in = WordsTest.class.getResourceAsStream(name)) {
      properties.load(new InputStreamReader(in, StandardCharsets.UTF_8));
    }
    return properties;
  }
}
