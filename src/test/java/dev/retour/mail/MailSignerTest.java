package dev.retour.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retour.config.Settings;
import dev.retour.support.TestCertificate;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signatures as somebody else verifies them, and what happens when there can be none. */
class MailSignerTest {
  private static final EmailAddress SHOP =
      EmailAddress.parse("shop@mail.example.com").orElseThrow();
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
    assertThat(DkimCheck.tag(signed, "a")).isEqualTo("rsa-sha256");
    assertThat(DkimCheck.tag(signed, "d")).isEqualTo("example.com");
    assertThat(DkimCheck.tag(signed, "h").toLowerCase(java.util.Locale.ROOT))
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
    assertThat(DkimCheck.tag(sign(signer, MAIL), "s")).isEqualTo("old");
    byte[] later =
        signer.sign(bytes(MAIL), SHOP, "example.org", Instant.parse("2026-12-01T00:00:00Z"));
    assertThat(DkimCheck.tag(text(later), "s")).isEqualTo("new");
    key("mail.example.com", "own.2026-11-01");
    assertThat(DkimCheck.tag(sign(signer, MAIL), "s")).as("not read yet").isEqualTo("old");
    signer.reload();
    assertThat(DkimCheck.tag(sign(signer, MAIL), "d")).isEqualTo("mail.example.com");
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
                "s5.2026-01-01.pem", pem("Ed25519"),
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
    byte[] signed = signer(settings).sign(bytes(MAIL), SHOP, "example.org", now);
    String record = DkimKeys.load(folder.resolve("dkim")).all().get(0).record();
    assertThat(DkimCheck.verify(text(signed), record)).isTrue();
    assertThat(text(signed))
        .contains("Message-ID: <1@mail.example.com>", "multipart/signed", "micalg=sha-256")
        .doesNotContainPattern("[^\r]\n");
    assertThat(SmimeCheck.verify(signed)).isTrue();
    assertThat(SmimeCheck.verify(bytes(text(signed).replace("Hello", "Jello")))).isFalse();
    EmailAddress other = EmailAddress.parse("news@mail.example.com").orElseThrow();
    assertThat(text(signer(settings).sign(bytes(MAIL), other, "example.org", now)))
        .doesNotContain("multipart/signed");
    assertThatThrownBy(
            () ->
                signer(settings)
                    .sign(bytes(MAIL), SHOP, "example.org", Instant.parse("2060-01-01T00:00:00Z")))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("not valid");
  }

  @Test
  void a_domain_may_be_sent_unsigned_if_its_rule_says_so() throws Exception {
    key("example.com", "s1.2026-01-01");
    SigningRules rules = domain -> new SigningRules.Wish(!domain.equals("plain.example"), true);
    MailSigner signer = new MailSigner(config(Map.of()), rules);
    assertThat(text(signer.sign(bytes(MAIL), SHOP, "plain.example", NOW))).isEqualTo(MAIL);
    assertThat(text(signer.sign(bytes(MAIL), SHOP, "other.example", NOW))).isNotEqualTo(MAIL);
  }

  /** RFC 6376 with what the JDK has: nothing of the library that signs. */
  private static final class DkimCheck {
    static String tag(String mail, String name) {
      for (String tag : unfolded(field(mail, 0)).split(";", -1)) {
        int equals = tag.indexOf('=');
        if (equals > 0 && tag.substring(0, equals).strip().equals(name)) {
          return tag.substring(equals + 1).replaceAll("[ \t]", "");
        }
      }
      throw new AssertionError("no tag " + name);
    }

    static boolean verify(String mail, String record) throws Exception {
      String own = field(mail, 0);
      String rest = mail.substring(own.length() + "DKIM-Signature:".length());
      int end = rest.indexOf("\r\n\r\n");
      String body = rest.substring(end + 4).replaceAll("[ \t]+", " ").replace(" \r\n", "\r\n");
      body = body.replaceAll("(\r\n)*$", "") + "\r\n";
      String hash =
          Base64.getEncoder()
              .encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes(body)));
      if (!hash.equals(tag(mail, "bh"))) {
        return false;
      }
      StringBuilder text = new StringBuilder();
      String header = rest.substring(0, end + 2);
      for (String name : tag(mail, "h").split(":", -1)) {
        text.append(canonical(name, value(header, name))).append("\r\n");
      }
      String withoutSignature = own.substring(0, own.lastIndexOf("b=") + 2);
      text.append(canonical("DKIM-Signature", withoutSignature));
      String published = record.substring(record.indexOf("p=") + 2);
      java.security.Signature check = java.security.Signature.getInstance("SHA256withRSA");
      check.initVerify(
          java.security.KeyFactory.getInstance("RSA")
              .generatePublic(
                  new java.security.spec.X509EncodedKeySpec(
                      Base64.getDecoder().decode(published))));
      check.update(bytes(text.toString()));
      return check.verify(Base64.getDecoder().decode(tag(mail, "b")));
    }

    private static String canonical(String name, String value) {
      return name.toLowerCase(java.util.Locale.ROOT)
          + ":"
          + unfolded(value).replaceAll("[ \t]+", " ").strip();
    }

    private static String unfolded(String value) {
      return value.replace("\r\n", "");
    }

    private static String value(String header, String name) {
      String all = "\r\n" + header;
      int at =
          all.toLowerCase(java.util.Locale.ROOT)
              .lastIndexOf("\r\n" + name.toLowerCase(java.util.Locale.ROOT) + ":");
      return field(all.substring(at + 2), 0);
    }

    /** The value of the field that begins there, its folded lines included, without line end. */
    private static String field(String text, int from) {
      int end = text.indexOf("\r\n", from);
      while (end + 2 < text.length() && " \t".indexOf(text.charAt(end + 2)) >= 0) {
        end = text.indexOf("\r\n", end + 2);
      }
      return text.substring(text.indexOf(':', from) + 1, end);
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
    return text(signer.sign(bytes(mail), SHOP, "example.org", NOW));
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
