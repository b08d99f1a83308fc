package dev.retour.qualification;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The quick automaton must answer as RE2J does, on the shipped rules and on any other pattern. */
class LazyDfaTest {
  private static final RuleSet SHIPPED = RuleSet.load(Path.of("rules/qualification"));
  private static final String LETTERS = "ab1_ .-\n\u00e9\u5b9b\ud83d\ude00";

  @Test
  void every_shipped_pattern_answers_as_re2j_on_every_example() {
    List<String> texts = examples();
    List<String> offenders = new ArrayList<>();
    for (TextPattern pattern : patterns()) {
      for (String text : texts) {
        if (pattern.find(text) != pattern.findByRe2(text)) {
          offenders.add(pattern.source() + " on " + text);
        }
      }
    }
    assertThat(offenders).isEmpty();
  }

  @Test
  void shuffled_words_of_the_examples_are_answered_as_by_re2j() {
    Random random = new Random(20261121);
    List<String> words =
        examples().stream().flatMap(text -> Stream.of(text.split(" "))).distinct().toList();
    for (TextPattern pattern : patterns()) {
      for (int round = 0; round < 4; round++) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(20); i >= 0; i--) {
          text.append(words.get(random.nextInt(words.size()))).append(" \u00e9,".charAt(i % 3));
        }
        assertThat(pattern.find(text.toString()))
            .as(() -> pattern.source() + " on " + text)
            .isEqualTo(pattern.findByRe2(text.toString()));
      }
    }
  }

  @Test
  void no_shipped_pattern_is_left_to_re2j() {
    assertThat(patterns())
        .filteredOn(LazyDfaTest::isLeftToRe2j)
        .extracting(TextPattern::source)
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "^a",
        "a$",
        "^$",
        "^a|b$",
        "\\ba\\b",
        "\\b",
        "a\\b.",
        "(a|b1)*\\b$",
        "a{2}",
        "a{2,}",
        "(ab?){1,3}1",
        "[^a]b",
        "[a-b1]+_",
        "[^\\w.-]a",
        "[]a]b",
        "a.{0,3}b",
        "a.b",
        "\\S+ \\S{0,2}a",
        "\\W\\d\\D\\s?\\w",
        "(a*)*b",
        "(a?){3}1",
        "(|a)b",
        "a+?b",
        "\u5b9b.?a",
        "[^b].{2}$",
        "(^a|\\b1)b",
        "\\.-"
      })
  void any_understood_pattern_answers_as_re2j(String source) {
    TextPattern pattern = TextPattern.compile(source);
    assertThat(isLeftToRe2j(pattern)).isFalse();
    Random random = new Random(source.hashCode());
    for (int round = 0; round < 3_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(9); i > 0; i--) {
        text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
      }
      assertThat(pattern.find(text.toString()))
          .as(() -> source + " on \"" + text + "\"")
          .isEqualTo(pattern.findByRe2(text.toString()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(?i)a",
        "\\x41",
        "\\Qa\\E",
        "[[:alpha:]]",
        "\\pLa",
        "\\Ba",
        "\\Aa",
        "a\\z",
        "a{,2}"
      })
  void what_is_not_understood_is_left_to_re2j(String source) {
    assertThat(LazyDfa.of(source)).isNull();
  }

  @Test
  void a_pattern_with_more_states_than_are_kept_still_answers_as_re2j() {
    TextPattern pattern = TextPattern.compile("a.{12}b");
    Random random = new Random(7);
    for (int round = 0; round < 300; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 200; i++) {
        text.append(random.nextInt(40) == 0 ? 'b' : "ac".charAt(random.nextInt(2)));
      }
      assertThat(pattern.find(text.toString())).isEqualTo(pattern.findByRe2(text.toString()));
    }
  }

  private static boolean isLeftToRe2j(TextPattern pattern) {
    return pattern.alternatives().stream().anyMatch(part -> part.automaton() == null);
  }

  private static List<String> examples() {
    return SHIPPED.rules().stream()
        .flatMap(rule -> rule.examples().stream())
        .map(example -> Text.fold(example.diagnostic().text(), 8_000))
        .toList();
  }

  private static List<TextPattern> patterns() {
    return SHIPPED.rules().stream()
        .flatMap(
            rule ->
                Stream.concat(
                    rule.conditions().texts().stream(), rule.conditions().unless().stream()))
        .toList();
  }
}
