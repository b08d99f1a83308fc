package dev.retour.qualification;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequiredLiteralsTest {

  @Test
  void short_alternatives_are_multiplied_out() {
    assertThat(RequiredLiterals.of("mail ?box (is )?full"))
        .isEqualTo(
            new RequiredLiterals.Found(
                List.of(
                    Set.of("mailbox full", "mail box full", "mailbox is full", "mail box is full")),
                true));
  }

  @Test
  void every_part_that_cannot_be_left_out_is_required() {
    assertThat(RequiredLiterals.of("user.{0,9}(unknown|gone)+.*(maybe)?").sets())
        .containsExactlyInAnyOrder(Set.of("user"), Set.of("unknown", "gone"));
  }

  @Test
  void an_anchored_word_is_required_but_no_proof() {
    assertThat(RequiredLiterals.of("\\bspam$"))
        .isEqualTo(new RequiredLiterals.Found(List.of(Set.of("spam")), false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "abc|.*",
        "(abc)?",
        "abc*?|d",
        "[a-z]+",
        "(?i)abc",
        "\\x41bc",
        "\\Qabc\\E",
        "[[:alpha:]]abc",
        "ab",
        "(abc|d?)",
        "(abc){0,2}",
        "\\pLabc"
      })
  void what_is_not_provable_is_not_claimed(String pattern) {
    assertThat(RequiredLiterals.of(pattern).sets()).isEmpty();
  }
}
