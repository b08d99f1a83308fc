package dev.retour.mail;

import static dev.retour.mail.SigningFixture.MAIL;
import static dev.retour.mail.SigningFixture.NOW;
import static dev.retour.mail.SigningFixture.RSA;
import static dev.retour.mail.SigningFixture.SHOP;
import static dev.retour.mail.SigningFixture.TO;
import static dev.retour.mail.SigningFixture.bytes;
import static dev.retour.mail.SigningFixture.sign;
import static dev.retour.mail.SigningFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retour.config.Settings;
import dev.retour.support.DkimCheck;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which mails are signed by what, and what happens when there can be no signature. */
class MailSignerTest {
  @TempDir private Path folder;
  private SigningFixture it;

  @BeforeEach
  void open() {
    it = new SigningFixture(folder);
  }

  @Test
  void a_mail_without_a_key_is_not_sent_and_that_is_red_until_one_is_signed() throws Exception {
    it.key("example.com", "s1.2027-01-01");
    MailSigner signer = it.signer(Map.of());
    assertThatThrownBy(() -> sign(signer, MAIL))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("No DKIM key of mail.example.com is active");
    assertThat(signer.fault()).isPresent();
    it.key("example.com", "s0.2026-01-01");
    signer.reload();
    sign(signer, MAIL);
    assertThat(signer.fault()).isEmpty();
    assertThat(sign(it.signer(Map.of("dkim.except", "x.example, mail.example.com")), MAIL))
        .isEqualTo(MAIL);
  }

  @Test
  void a_domain_may_be_sent_unsigned_if_its_rule_says_so() throws Exception {
    it.key("example.com", "s1.2026-01-01");
    SigningRules rules =
        domain ->
            domain.equals("plain.example") ? SigningRules.Wish.NONE : SigningRules.Wish.AS_SET;
    MailSigner signer = new MailSigner(it.config(Map.of()), rules);
    assertThat(text(signer.sign(bytes(MAIL), SHOP, List.of("plain.example"), NOW))).isEqualTo(MAIL);
    assertThat(text(signer.sign(bytes(MAIL), SHOP, List.of("other.example"), NOW)))
        .isNotEqualTo(MAIL);
    assertThat(text(signer.sign(bytes(MAIL), SHOP, List.of("plain.example", "other.example"), NOW)))
        .as("one mail to both: what any of them wants")
        .isNotEqualTo(MAIL);
  }

  @Test
  void a_key_of_a_rule_signs_mails_from_its_domain_and_none_that_no_receiver_would_count()
      throws Exception {
    it.key("example.com", "s1.2026-01-01");
    DkimKeys own = DkimKeys.of(List.of(it.dkim("example.com", "bulk", RSA)));
    DkimKeys foreign = DkimKeys.of(List.of(it.dkim("other.example", "x", RSA)));
    SigningRules rules =
        domain -> new SigningRules.Wish(domain.equals("own.example") ? own : foreign, List.of());
    MailSigner signer = new MailSigner(it.config(Map.of()), rules);
    String byRule = text(signer.sign(bytes(MAIL), SHOP, List.of("own.example"), NOW));
    assertThat(DkimCheck.tag(byRule, 0, "s")).isEqualTo("bulk");
    assertThat(DkimCheck.verify(byRule, own.all().get(0).record())).isTrue();
    String bySettings = text(signer.sign(bytes(MAIL), SHOP, List.of("else.example"), NOW));
    assertThat(DkimCheck.tag(bySettings, 0, "s")).as("aligned").isEqualTo("s1");
    assertThatThrownBy(
            () ->
                new MailSigner(SigningConfig.from(Settings.of(Map.of())), rules)
                    .sign(bytes(MAIL), SHOP, List.of("else.example"), NOW))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("else.example")
        .hasMessageContaining("mail.example.com");
  }

  @Test
  void a_mail_that_was_changed_is_signed_again_and_never_loses_its_signature_in_silence()
      throws Exception {
    it.key("example.com", "s1.2026-01-01");
    MailSigner signer = it.signer(Map.of());
    String former = sign(signer, MAIL);
    String changed = former.replace("<1@mail", "<1.g2-7@mail");
    String again = text(signer.signAgain(bytes(changed), TO, NOW));
    String record = DkimKeys.load(it.keys()).all().get(0).record();
    assertThat(DkimCheck.verify(changed, record)).isFalse();
    assertThat(DkimCheck.verify(again, record)).isTrue();
    assertThat(DkimCheck.signatures(again)).isEqualTo(1);
    assertThat(again).contains("<1.g2-7@mail").endsWith(MAIL.substring(MAIL.indexOf("\r\n\r\n")));
    assertThatThrownBy(() -> MailSigner.none().signAgain(bytes(changed), TO, NOW))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("unsigned");
    MailSigner excepted = it.signer(Map.of("dkim.except", "mail.example.com"));
    assertThat(DkimCheck.signatures(text(excepted.signAgain(bytes(changed), TO, NOW)))).isZero();
    assertThat(text(MailSigner.none().signAgain(bytes(MAIL), TO, NOW))).isEqualTo(MAIL);
  }
}
