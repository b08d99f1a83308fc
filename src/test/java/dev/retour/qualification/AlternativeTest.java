package dev.retour.qualification;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlternativeTest {

  @Test
  void each_alternative_needs_its_own_words() {
    assertThat(Alternative.of("mailbox.*full|quota[^|]?over|a(b|c)\\|d"))
        .extracting(alternative -> alternative.required().sets())
        .containsExactly(
            List.of(Set.of("ab|d", "ac|d")),
            List.of(Set.of("mailbox"), Set.of("full")),
            List.of(Set.of("quota"), Set.of("over")));
  }

  @Test
  void words_that_are_proof_enough_are_one_alternative() {
    assertThat(Alternative.of("no such user|\\bgone\\b|user unknown"))
        .extracting(Alternative::required)
        .containsExactly(
            new RequiredLiterals.Found(List.of(Set.of("no such user", "user unknown")), true),
            new RequiredLiterals.Found(List.of(Set.of("gone")), false));
  }

  @Test
  void what_needs_no_word_is_tried_once_for_all() {
    assertThat(Alternative.of("[0-9]+ left|full|\\d{3}").stream())
        .extracting(alternative -> alternative.required().sets())
        .containsExactly(List.of(Set.of("full")), List.of(Set.of(" left")), List.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"(?i)abc|def", "\\Qabc|def\\E", "[[:alpha:]|]abc|def", "[]|]abc|def", "(abc|def"})
  void a_pattern_with_anything_unusual_stays_whole(String pattern) {
    assertThat(Alternative.of(pattern)).hasSize(1);
  }
}
