package dev.retour.qualification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.config.Settings;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Judgements with the rule files shipped. */
class QualifierTest {
  private static final RuleSet RULES = RuleSet.load(Path.of("rules", "qualification"));

  private final Qualifier qualifier =
      new Qualifier(RULES, QualificationConfig.from(Settings.of(Map.of())));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "550 5.1.1 <a@b.example>: user unknown                         | hard | USER_UNKNOWN",
        "550 5.1.1 <a@b.example>... Mailbox is full                    | soft | MAILBOX_FULL",
        "550 5.1.1 your IP is blacklisted                              | soft | REFUSED",
        "550 5.2.1 This account has been permanently disabled          | hard | ACCOUNT_DISABLED",
        "550 5.2.1 This account is disabled                            | soft | ACCOUNT_DISABLED",
        "550 5.1.2 Host unknown                                        | soft | INVALID_DOMAIN",
        "550 <a@b.example>: Sender address rejected: User unknown      | soft | REFUSED",
        "550 5.7.26 sentence nobody has written before                 | soft | REFUSED",
        "550 5.1.1 sentence nobody has written before                  | hard | USER_UNKNOWN",
        "552 sentence nobody has written before                        | soft | MAILBOX_FULL",
        "451 4.7.1 Greylisted, please try again in 5 minutes           | soft | REFUSED",
        "connect to mx.b.example[192.0.2.1]:25: Connection timed out   | soft | UNREACHABLE",
        "Empfänger unbekannt                                           | hard | USER_UNKNOWN",
      })
  void the_words_decide_before_the_codes(String text, String type, Reason reason) {
    Verdict verdict = qualifier.qualify(Diagnostic.bounce(text, null, null, null));

    assertThat(verdict.type().label()).isEqualTo(type);
    assertThat(verdict.reason()).isEqualTo(reason);
  }

  @Test
  void a_temporary_answer_is_never_hard() {
    Verdict verdict =
        qualifier.qualify(Diagnostic.smtpReply(450, "450 4.1.1 user unknown", Phase.RCPT, null));

    assertThat(verdict.type()).isEqualTo(FailureType.SOFT);
    assertThat(verdict.because()).contains("temporary");
  }

  @Test
  void a_refusal_before_the_recipient_was_named_is_never_hard() {
    Verdict verdict =
        qualifier.qualify(Diagnostic.smtpReply(550, "550 user unknown", Phase.MAIL, null));

    assertThat(verdict.type()).isEqualTo(FailureType.SOFT);
  }

  @Test
  void an_unknown_answer_is_soft_and_an_unknown_bounce_undefined() {
    Verdict reply = qualifier.qualify(Diagnostic.smtpReply(599, "599 Qwertz", Phase.RCPT, null));
    Verdict bounce = qualifier.qualify(Diagnostic.bounce("Qwertz", null, null, null));

    assertThat(reply.type()).isEqualTo(FailureType.SOFT);
    assertThat(reply.reason()).isEqualTo(Reason.UNREACHABLE);
    assertThat(reply.ruleId()).isEqualTo(Qualifier.UNKNOWN_REPLY);
    assertThat(bounce.type()).isEqualTo(FailureType.UNDEFINED);
    assertThat(bounce.reason()).isEqualTo(Reason.NOT_DEFINED);
    assertThat(bounce.ruleId()).isEqualTo(Qualifier.UNKNOWN_BOUNCE);
  }

  @Test
  void the_servers_own_code_beats_the_one_a_relay_wrote_over_it() {
    Explanation explanation =
        qualifier.explain(Diagnostic.bounce("550 5.7.1 qwertz", "5.1.1", null, null));

    assertThat(explanation.status()).isEqualTo("5.7.1");
    assertThat(explanation.verdict().reason()).isEqualTo(Reason.REFUSED);
    assertThat(explanation.precedence()).isEqualTo(Precedence.STATUS);
  }

  @Test
  void an_explanation_names_the_rules_that_came_too_late() {
    Explanation explanation =
        qualifier.explain(
            Diagnostic.bounce("552 5.2.2 mailbox full, no such user", null, null, null));

    assertThat(explanation.verdict().ruleId()).isEqualTo("mailbox-full");
    assertThat(explanation.others())
        .extracting(Explanation.Candidate::ruleId)
        .contains("user-unknown", "status-mailbox-full");
  }

  @Test
  @Timeout(10)
  void hostile_texts_take_bounded_time() {
    for (String part :
        new String[] {"mailbox ", "a ", "user user ", "\u0130", "(", "550 5.", " "}) {
      qualifier.qualify(Diagnostic.bounce(part.repeat(200_000), null, null, null));
    }
  }

  @Test
  void the_prefilter_loses_no_match() {
    for (Rule rule : RULES.rules()) {
      for (Rule.Example example : rule.examples()) {
        for (String noise :
            new String[] {"", "host mx.b.example[192.0.2.1] said: ", "abuse spam "}) {
          Diagnostic plain = example.diagnostic();
          Subject subject =
              Subject.of(
                  Diagnostic.bounce(noise + plain.text(), plain.status(), null, null), 2_000);
          assertThat(RULES.first(subject))
              .as(subject.text())
              .isEqualTo(RULES.firstWithoutPrefilter(subject));
        }
      }
    }
  }
}
