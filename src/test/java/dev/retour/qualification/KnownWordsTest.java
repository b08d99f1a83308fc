package dev.retour.qualification;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KnownWordsTest {
  private final KnownWords words =
      KnownWords.of("# a remark\nthe user this is not was found here no such mailbox on server");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "550 5.1.1 the user was not found",
        "550 no such mailbox here: <calendar@firm.example>",
        "550 the user was not found on this Zarafa server",
        "550 the user was not found (calendar closed)",
        "550 the user 'user' is not here. THE CALENDAR",
        "550 the user was not found http://calendar.example/q",
        "550 the user is not here ____ calendar for the lawyers",
        "550 le calendrier est introuvable",
        "550 der Benutzer für den Kalender",
        "550 calendar@firm.example: the user calendar was not found"
      })
  void an_answer_of_known_words_has_no_stranger(String answer) {
    assertThat(words.strangerIn(answer)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "550 5.1.1 the calendar of this user was not found,calendar",
    "550 5.1.1 the user is not here: your certificate was,your",
    "550 the user is not here. Zarafa was,zarafa",
  })
  void a_word_from_elsewhere_is_named(String answer, String stranger) {
    assertThat(words.strangerIn(answer)).isEqualTo(stranger);
  }

  @Test
  void without_a_list_and_in_long_notices_nothing_is_strange() {
    String answer = "550 the calendar of this user was not found";
    assertThat(KnownWords.NONE.strangerIn(answer)).isNull();
    assertThat(words.strangerIn(answer + " here".repeat(100))).isNull();
  }

  @Test
  void hard_words_beside_a_strange_one_are_counted_and_not_barred() throws IOException {
    RuleSet shipped = RuleSet.load(Path.of("rules/qualification"));
    assertThat(verdict(shipped, "550 5.1.1 a mailbox by this name we do not have").type())
        .isEqualTo(FailureType.HARD);
    Verdict counted = verdict(shipped, "550 5.1.1 a zebra by this name the mailbox does not exist");
    assertThat(counted.type()).isEqualTo(FailureType.SOFT);
    assertThat(counted.because()).contains("\"zebra\"");
    assertThat(Files.readString(Path.of("rules/qualification/known-words.txt")))
        .doesNotContain("zebra");
  }

  private static Verdict verdict(RuleSet rules, String answer) {
    return rules.qualify(Diagnostic.bounce(answer, null, null, null), 1_000).verdict();
  }
}
