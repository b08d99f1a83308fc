package dev.retour.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retour.config.Settings;
import dev.retour.support.DkimCheck;
import dev.retour.support.TestCertificate;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signatures as somebody else verifies them, and what happens when there can be none. */
class MailSignerTest {
  private static final EmailAddress SHOP =
      EmailAddress.parse("shop@mail.example.com").orElseThrow();
  private static final List<String> TO = List.of("example.org");
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final String MAIL =
      "From: =?utf-8?q?Gr=C3=BC=C3=9Fe?= <shop@mail.example.com>\r\nTo: anna@example.org\r\n"
          + "Subject:  An   invoice\r\n\tfolded\r\nDate: Sat, 21 Nov 2026 12:00:00 +0000\r\n"
          + "Message-ID: <1@mail.example.com>\r\nMIME-Version: 1.0\r\n"
          + "Content-Type: text/plain; charset=utf-8\r\n"
          + "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
          + "Hello  =C3=BC \t\r\n\r\n..dots\r\n\r\n\r\n";

  private static final String RSA = rsa();

  @TempDir private Path folder;

  @Test
  void a_dkim_signature_verifies_against_the_published_record_and_leaves_the_mail_as_it_is()
      throws Exception {
    key("example.com", "s1.2026-01-01");
    String signed = sign(signer(Map.of()), MAIL);
    assertThat(signed).startsWith("DKIM-Signature: ").endsWith(MAIL);
    DkimKey key = DkimKeys.load(folder.resolve("dkim")).all().get(0);
    assertThat(key.recordName()).isEqualTo("s1._domainkey.example.com");
    assertThat(DkimCheck.verify(signed, key.record())).isTrue();
    assertThat(DkimCheck.tag(signed, 0, "a")).isEqualTo("rsa-sha256");
    assertThat(DkimCheck.tag(signed, 0, "d")).isEqualTo("example.com");
    assertThat(DkimCheck.tag(signed, 0, "h").toLowerCase(java.util.Locale.ROOT))
        .contains("from", "to", "subject", "date", "message-id", "content-type");
    assertThat(DkimCheck.verify(signed.replace("An   invoice", "A forgery"), key.record()))
        .isFalse();
    assertThat(DkimCheck.verify(signed.replace("..dots", ".dots"), key.record())).isFalse();
  }

  @Test
  void the_newest_active_key_signs_and_a_new_file_takes_over_on_its_day() throws Exception {
    key("example.com", "old.2026-01-01");
    key("example.com", "new.2026-12-01");
    MailSigner signer = signer(Map.of());
    assertThat(DkimCheck.tag(sign(signer, MAIL), 0, "s")).isEqualTo("old");
    byte[] later = signer.sign(bytes(MAIL), SHOP, TO, Instant.parse("2026-12-01T00:00:00Z"));
    assertThat(DkimCheck.tag(text(later), 0, "s")).isEqualTo("new");
    key("mail.example.com", "own.2026-11-01");
    assertThat(DkimCheck.tag(sign(signer, MAIL), 0, "s")).as("not read yet").isEqualTo("old");
    signer.reload();
    assertThat(DkimCheck.tag(sign(signer, MAIL), 0, "d")).isEqualTo("mail.example.com");
  }

  @Test
  void a_mail_without_a_key_is_not_sent_and_that_is_red_until_one_is_signed() throws Exception {
    key("example.com", "s1.2027-01-01");
    MailSigner signer = signer(Map.of());
    assertThatThrownBy(() -> sign(signer, MAIL))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("No DKIM key of mail.example.com is active");
    assertThat(signer.fault()).isPresent();
    key("example.com", "s0.2026-01-01");
    signer.reload();
    sign(signer, MAIL);
    assertThat(signer.fault()).isEmpty();
    assertThat(sign(signer(Map.of("dkim.except", "x.example, mail.example.com")), MAIL))
        .isEqualTo(MAIL);
  }

  @Test
  void a_key_that_cannot_be_used_is_refused_by_name_and_the_former_ones_stay() throws Exception {
    key("example.com", "s1.2026-01-01");
    MailSigner signer = signer(Map.of());
    for (Map.Entry<String, String> wrong :
        Map.of(
                "s2.2026-13-01.pem", "x",
                "s2.pem", "x",
                "s3.2026-01-01.pem", "no key",
                "s4.2026-01-01.pem",
                    "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n",
                "s5.2026-01-01.pem", pem("EC"),
                "s 6.2026-01-01.pem", RSA)
            .entrySet()) {
      Path file = folder.resolve("dkim/example.com/" + wrong.getKey());
      Files.writeString(file, wrong.getValue());
      assertThatThrownBy(signer::reload)
          .isInstanceOf(SigningException.class)
          .hasMessageContaining(wrong.getKey())
          .hasMessageNotContaining("c2VjcmV0");
      Files.delete(file);
      assertThat(sign(signer, MAIL)).startsWith("DKIM-Signature: ");
    }
  }

  @Test
  void smime_signs_the_body_and_dkim_signs_the_result() throws Exception {
    key("example.com", "s1.2026-01-01");
    Path smime = Files.createDirectories(folder.resolve("smime"));
    TestCertificate certificate = TestCertificate.of(folder, "email:shop@mail.example.com");
    Files.copy(certificate.store(), smime.resolve("shop@mail.example.com.p12"));
    Map<String, String> settings =
        Map.of("smime.keys", smime.toString(), "smime.password", certificate.password());
    Instant now = Instant.now();
    byte[] signed = signer(settings).sign(bytes(MAIL), SHOP, TO, now);
    String record = DkimKeys.load(folder.resolve("dkim")).all().get(0).record();
    assertThat(DkimCheck.verify(text(signed), record)).isTrue();
    assertThat(text(signed))
        .contains("Message-ID: <1@mail.example.com>", "multipart/signed", "micalg=sha-256")
        .doesNotContainPattern("[^\r]\n");
    assertThat(SmimeCheck.verify(signed)).isTrue();
    assertThat(SmimeCheck.verify(bytes(text(signed).replace("Hello", "Jello")))).isFalse();
    EmailAddress other = EmailAddress.parse("news@mail.example.com").orElseThrow();
    assertThat(text(signer(settings).sign(bytes(MAIL), other, TO, now)))
        .doesNotContain("multipart/signed");
    assertThatThrownBy(
            () ->
                signer(settings).sign(bytes(MAIL), SHOP, TO, Instant.parse("2060-01-01T00:00:00Z")))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("not valid");
  }

  @Test
  void a_domain_may_be_sent_unsigned_if_its_rule_says_so() throws Exception {
    key("example.com", "s1.2026-01-01");
    SigningRules rules =
        domain ->
            domain.equals("plain.example") ? SigningRules.Wish.NONE : SigningRules.Wish.AS_SET;
    MailSigner signer = new MailSigner(config(Map.of()), rules);
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
    key("example.com", "s1.2026-01-01");
    DkimKeys own = DkimKeys.of(List.of(dkim("example.com", "bulk", RSA)));
    DkimKeys foreign = DkimKeys.of(List.of(dkim("other.example", "x", RSA)));
    SigningRules rules =
        domain -> new SigningRules.Wish(domain.equals("own.example") ? own : foreign, List.of());
    MailSigner signer = new MailSigner(config(Map.of()), rules);
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
  void ed25519_signs_beside_rsa_and_each_signature_holds() throws Exception {
    key("example.com", "s1.2026-01-01");
    Path home = folder.resolve("dkim/example.com");
    Files.writeString(home.resolve("ed.2026-01-01.pem"), pem("Ed25519"));
    for (String mail :
        List.of(MAIL, MAIL.substring(0, MAIL.indexOf("\r\n\r\n") + 4), MAIL + " x")) {
      String signed = sign(signer(Map.of()), mail);
      assertThat(signed).endsWith(mail);
      assertThat(DkimCheck.signatures(signed)).isEqualTo(2);
      for (int i = 0; i < 2; i++) {
        String selector = DkimCheck.tag(signed, i, "s");
        DkimKey key =
            DkimKeys.load(folder.resolve("dkim")).all().stream()
                .filter(each -> each.selector().equals(selector))
                .findFirst()
                .orElseThrow();
        assertThat(DkimCheck.verify(signed, i, key.record())).as(selector).isTrue();
        assertThat(DkimCheck.verify(signed.replace("An   invoice", "A forgery"), i, key.record()))
            .isFalse();
      }
      assertThat(DkimCheck.tag(signed, 0, "a")).isEqualTo("ed25519-sha256");
      assertThat(signed.lines().mapToInt(String::length).max().orElseThrow()).isLessThan(100);
    }
  }

  /** Appendix A: key, mail and signatures as published. */
  @Test
  void ed25519_gives_the_published_signature_of_rfc_8463() throws Exception {
    String published = "k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
    String own =
        "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n"
            + " d=football.example.com; i=@football.example.com;\r\n"
            + " q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n"
            + " subject : date : message-id : from : subject : date;\r\n"
            + " bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n b=";
    String signature =
        "/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus"
            + "Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==";
    List<String> fields =
        List.of(
            "From: Joe SixPack <joe@football.example.com>",
            "To: Suzie Q <suzie@shopping.example.net>",
            "Subject: Is dinner ready?",
            "Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)",
            "Message-ID: <20030712040037.46341.5F8J@football.example.com>");
    String body = "Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n\r\n";
    assertThat(
            DkimCheck.verify(
                own + signature + "\r\n" + String.join("\r\n", fields) + "\r\n\r\n" + body,
                published))
        .as("the check itself")
        .isTrue();
    byte[] seed = Base64.getDecoder().decode("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=");
    DkimKey key =
        new DkimKey(
            "football.example.com",
            "brisbane",
            NOW,
            java.security.KeyFactory.getInstance("Ed25519")
                .generatePrivate(
                    new java.security.spec.EdECPrivateKeySpec(
                        java.security.spec.NamedParameterSpec.ED25519, seed)));
    assertThat(key.record()).isEqualTo("v=DKIM1; " + published);
    byte[] input =
        Ed25519Signature.headerInput(
            fields,
            List.of("from", "to", "subject", "date", "message-id", "from", "subject", "date"),
            own);
    assertThat(Ed25519Signature.sign(input, key.key()))
        .isEqualTo(Base64.getDecoder().decode(signature));
    assertThat(text(Ed25519Signature.relaxedBody(bytes(" \r\n\r\n")))).isEmpty();
    assertThat(text(Ed25519Signature.relaxedBody(bytes("\r\n a \t b \r\n \r\nc"))))
        .isEqualTo("\r\n a b\r\n\r\nc\r\n");
  }

  @Test
  void a_mail_that_was_changed_is_signed_again_and_never_loses_its_signature_in_silence()
      throws Exception {
    key("example.com", "s1.2026-01-01");
    MailSigner signer = signer(Map.of());
    String former = sign(signer, MAIL);
    String changed = former.replace("<1@mail", "<1.g2-7@mail");
    String again = text(signer.signAgain(bytes(changed), TO, NOW));
    String record = DkimKeys.load(folder.resolve("dkim")).all().get(0).record();
    assertThat(DkimCheck.verify(changed, record)).isFalse();
    assertThat(DkimCheck.verify(again, record)).isTrue();
    assertThat(DkimCheck.signatures(again)).isEqualTo(1);
    assertThat(again).contains("<1.g2-7@mail").endsWith(MAIL.substring(MAIL.indexOf("\r\n\r\n")));
    assertThatThrownBy(() -> MailSigner.none().signAgain(bytes(changed), TO, NOW))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("unsigned");
    MailSigner excepted = signer(Map.of("dkim.except", "mail.example.com"));
    assertThat(DkimCheck.signatures(text(excepted.signAgain(bytes(changed), TO, NOW)))).isZero();
    assertThat(text(MailSigner.none().signAgain(bytes(MAIL), TO, NOW))).isEqualTo(MAIL);
  }

  @Test
  void openssl_accepts_the_smime_signature() throws Exception {
    OpenSsl.require();
    Path smime = Files.createDirectories(folder.resolve("smime"));
    TestCertificate certificate = TestCertificate.of(folder, "email:shop@mail.example.com");
    Files.copy(certificate.store(), smime.resolve("mail.example.com.p12"));
    Map<String, String> settings =
        Map.of("smime.keys", smime.toString(), "smime.password", certificate.password());
    key("example.com", "s1.2026-01-01");
    byte[] signed = signer(settings).sign(bytes(MAIL), SHOP, TO, Instant.now());
    Path mail = Files.write(folder.resolve("signed.eml"), signed);
    Path forged =
        Files.write(folder.resolve("forged.eml"), bytes(text(signed).replace("Hello", "Jello")));
    String trusted = certificate.pem().toString();
    assertThat(OpenSsl.verifies("cms", mail, trusted)).isTrue();
    assertThat(OpenSsl.verifies("smime", mail, trusted)).isTrue();
    assertThat(OpenSsl.verifies("cms", forged, trusted)).isFalse();
    String again = text(signed).replace("<1@mail", "<1.g2-7@mail");
    Path twice =
        Files.write(folder.resolve("again.eml"), signer(settings).signAgain(bytes(again), TO, NOW));
    assertThat(OpenSsl.verifies("cms", twice, trusted)).as("sent once more").isTrue();
  }

  /** The one of this machine: nothing of it has to do with Java. */
  private static final class OpenSsl {
    /** Said in the report of the build when there is none. */
    static void require() throws Exception {
      boolean there;
      try {
        there = run("version") == 0;
      } catch (java.io.IOException e) {
        there = false;
      }
      org.junit.jupiter.api.Assumptions.assumeTrue(
          there, "NOT CHECKED: there is no openssl here to verify S/MIME signatures with.");
    }

    static boolean verifies(String command, Path mail, String trusted) throws Exception {
      return run(
              command,
              "-verify",
              "-in",
              mail.toString(),
              "-CAfile",
              trusted,
              "-purpose",
              "any",
              "-out",
              mail + ".out")
          == 0;
    }

    private static int run(String... arguments) throws Exception {
      List<String> command = new java.util.ArrayList<>(List.of("openssl"));
      command.addAll(List.of(arguments));
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      assertThat(process.waitFor(30, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
      return process.exitValue();
    }
  }

  /** Bouncy Castle's reading of a signed mail, with the certificate that is in it. */
  private static final class SmimeCheck {
    static boolean verify(byte[] mail) throws Exception {
      try {
        return org.simplejavamail.utils.mail.smime.SmimeUtil.checkSignature(
            new jakarta.mail.internet.MimeMessage(
                jakarta.mail.Session.getInstance(new java.util.Properties()),
                new ByteArrayInputStream(mail)));
      } catch (org.simplejavamail.utils.mail.smime.SmimeException e) {
        return false; // the content is not what was signed
      }
    }
  }

  private MailSigner signer(Map<String, String> more) throws SigningException {
    return new MailSigner(config(more), SigningRules.ALL);
  }

  private SigningConfig config(Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("dkim.keys", folder.resolve("dkim").toString());
    return SigningConfig.from(Settings.of(settings));
  }

  private static String sign(MailSigner signer, String mail) throws SigningException {
    return text(signer.sign(bytes(mail), SHOP, TO, NOW));
  }

  private DkimKey dkim(String domain, String selector, String pem) throws Exception {
    Path file = Files.writeString(folder.resolve(selector + ".pem"), pem);
    return DkimKey.read(file, domain, selector, Instant.MIN);
  }

  private void key(String domain, String name) throws Exception {
    Path home = Files.createDirectories(folder.resolve("dkim").resolve(domain));
    Files.writeString(home.resolve(name + ".pem"), RSA);
  }

  /** Made once: it takes seconds on a busy machine. */
  private static String rsa() {
    try {
      return pem("RSA");
    } catch (java.security.GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String pem(String algorithm) throws java.security.GeneralSecurityException {
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder()
            .encodeToString(
                KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPrivate().getEncoded())
        + "\n-----END PRIVATE KEY-----\n";
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
