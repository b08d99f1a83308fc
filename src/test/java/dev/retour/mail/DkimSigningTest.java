package dev.retour.mail;

import static dev.retour.mail.SigningFixture.MAIL;
import static dev.retour.mail.SigningFixture.NOW;
import static dev.retour.mail.SigningFixture.RSA;
import static dev.retour.mail.SigningFixture.SHOP;
import static dev.retour.mail.SigningFixture.TO;
import static dev.retour.mail.SigningFixture.bytes;
import static dev.retour.mail.SigningFixture.pem;
import static dev.retour.mail.SigningFixture.sign;
import static dev.retour.mail.SigningFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retour.support.DkimCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DKIM signatures as somebody else verifies them, and the keys that make them. */
class DkimSigningTest {
  @TempDir private Path folder;
  private SigningFixture it;

  @BeforeEach
  void open() {
    it = new SigningFixture(folder);
  }

  @Test
  void a_dkim_signature_verifies_against_the_published_record_and_leaves_the_mail_as_it_is()
      throws Exception {
    it.key("example.com", "s1.2026-01-01");
    String signed = sign(it.signer(Map.of()), MAIL);
    assertThat(signed).startsWith("DKIM-Signature: ").endsWith(MAIL);
    DkimKey key = DkimKeys.load(it.keys()).all().get(0);
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
    it.key("example.com", "old.2026-01-01");
    it.key("example.com", "new.2026-12-01");
    MailSigner signer = it.signer(Map.of());
    assertThat(DkimCheck.tag(sign(signer, MAIL), 0, "s")).isEqualTo("old");
    byte[] later = signer.sign(bytes(MAIL), SHOP, TO, Instant.parse("2026-12-01T00:00:00Z"));
    assertThat(DkimCheck.tag(text(later), 0, "s")).isEqualTo("new");
    it.key("mail.example.com", "own.2026-11-01");
    assertThat(DkimCheck.tag(sign(signer, MAIL), 0, "s")).as("not read yet").isEqualTo("old");
    signer.reload();
    assertThat(DkimCheck.tag(sign(signer, MAIL), 0, "d")).isEqualTo("mail.example.com");
  }

  @Test
  void a_key_that_cannot_be_used_is_refused_by_name_and_the_former_ones_stay() throws Exception {
    it.key("example.com", "s1.2026-01-01");
    MailSigner signer = it.signer(Map.of());
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
      Path file = it.keys().resolve("example.com/" + wrong.getKey());
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
  void ed25519_signs_beside_rsa_and_each_signature_holds() throws Exception {
    it.key("example.com", "s1.2026-01-01");
    Path home = it.keys().resolve("example.com");
    Files.writeString(home.resolve("ed.2026-01-01.pem"), pem("Ed25519"));
    for (String mail :
        List.of(MAIL, MAIL.substring(0, MAIL.indexOf("\r\n\r\n") + 4), MAIL + " x")) {
      String signed = sign(it.signer(Map.of()), mail);
      assertThat(signed).endsWith(mail);
      assertThat(DkimCheck.signatures(signed)).isEqualTo(2);
      for (int i = 0; i < 2; i++) {
        String selector = DkimCheck.tag(signed, i, "s");
        DkimKey key =
            DkimKeys.load(it.keys()).all().stream()
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
}
