package dev.retour.bounces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.qualification.Phase;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The same words, refused at different steps. */
class FailedStepTest {
  private static final String SAID = "550 5.2.1 <a@example.org>... User unknown";

  @Test
  void the_words_themselves_name_it() {
    assertThat(new FailedStep("").of("host mx said: 550 no (in reply to RCPT TO command)"))
        .isEqualTo(Phase.RCPT);
    assertThat(new FailedStep("").of("SMTP error after end of data: 550 no")).isEqualTo(Phase.BODY);
    assertThat(new FailedStep("").of("192.0.2.1 does not like recipient. 550 no"))
        .isEqualTo(Phase.RCPT);
    assertThat(new FailedStep("").of("550 no")).isEqualTo(Phase.REPORT);
    assertThat(new FailedStep("").of("")).isEqualTo(Phase.REPORT);
  }

  @Test
  void the_notice_goes_on_where_the_status_field_ends() {
    String notice =
        "<a@example.org>: host mx said: 550 5.2.1\n    <a@example.org>... User unknown\n"
            + "    (in reply to RCPT TO command)\n";
    assertThat(new FailedStep(notice).of(SAID)).isEqualTo(Phase.RCPT);
  }

  @Test
  void each_recipient_has_the_command_before_its_own_answer() {
    String transcript =
        """
        ... while talking to mx.example.org.:
        >>> RCPT To:<b@example.org>
        <<< 550 5.1.1 <b@example.org>... User unknown
        >>> DATA
        <<< 550 5.2.1 <a@example.org>... User unknown
        """;
    FailedStep steps = new FailedStep(transcript);
    assertThat(steps.of(SAID)).isEqualTo(Phase.BODY);
    assertThat(steps.of("550 5.1.1 <b@example.org>... User unknown")).isEqualTo(Phase.RCPT);
    assertThat(steps.of("something else altogether")).isEqualTo(Phase.REPORT);
  }

  @Test
  void no_phrase_is_passed_over_for_lack_of_a_word_looked_for_first() {
    assertThat(FailedStep.RCPT).allMatch(phrase -> StepWords.isAnyIn("x " + phrase));
    assertThat(FailedStep.DATA)
        .allMatch(phrase -> StepWords.isAnyIn(phrase.toUpperCase(Locale.ROOT).replace(" ", "\n ")));
    assertThat(StepWords.isAnyIn("550 no such user, the sender is like you, sent in the end"))
        .isFalse();
  }
}
