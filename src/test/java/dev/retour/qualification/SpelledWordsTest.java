package dev.retour.qualification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Phrases that stand on two lines of an answer, and faults named as programs name them. */
class SpelledWordsTest {
  private static final RuleSet RULES = RuleSet.load(Path.of("rules", "qualification"));

  @Test
  void a_phrase_is_found_across_the_lines_of_an_answer() {
    String folded = Text.fold("550-5.1.1 the user is\n550-5.1.1 not\n550 5.1.1 known here", 200);

    assertThat(Text.withoutRepeatedCodes(folded)).isEqualTo("550-5.1.1 the user is not known here");
  }

  @Test
  void codes_of_an_answer_of_one_line_stay() {
    String folded = "550 5.1.1 relayed from 10.0.0.1: 550 5.2.2 full";

    assertThat(Text.withoutRepeatedCodes(folded)).isEqualTo(folded);
  }

  @Test
  void codes_that_follow_each_other_or_end_the_text_do_no_harm() {
    for (String text : new String[] {"550-", "550- 550", "550-550 550 550-", "550-a 550- 550"}) {
      assertThat(Text.withoutRepeatedCodes(text).length()).isLessThanOrEqualTo(text.length());
    }
  }

  @Test
  void names_of_faults_are_read_as_words() {
    assertThat(Text.spelledOut("ERR_RCPT_NOT_FOUND MailboxFull no-such-user", 200))
        .isEqualTo("ERR RCPT NOT FOUND Mailbox Full no such user");
    assertThat(judged("ERR_RCPT_NOT_FOUND (77)")).isEqualTo("hard user-unknown");
    assertThat(judged("SenderBlockedByRecipient id=771")).isEqualTo("soft refused");
  }

  @Test
  void names_of_hosts_and_addresses_stay_as_they_are() {
    String text = "no-such-user@mx-full.example at mailbox-full.example, 10-Feb";

    assertThat(Text.spelledOut(text, 200)).isEqualTo(text);
  }

  @Test
  void a_long_text_of_joints_is_read_in_linear_time() {
    String hostile = "550-a_B-cD ".repeat(200_000);

    String read =
        assertTimeout(
            Duration.ofSeconds(10),
            () ->
                Text.withoutRepeatedCodes(
                    Text.fold(Text.spelledOut(hostile, 2_000_000), 2_000_000)));

    assertThat(read).isNotEmpty();
  }

  private static String judged(String text) {
    Verdict verdict = RULES.qualify(Diagnostic.bounce(text, null, null, null), 4_000).verdict();
    return verdict.type().label() + " " + verdict.reason().key();
  }
}
