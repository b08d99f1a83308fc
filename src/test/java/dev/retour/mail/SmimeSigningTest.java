package dev.retour.mail;

import static dev.retour.mail.SigningFixture.MAIL;
import static dev.retour.mail.SigningFixture.NOW;
import static dev.retour.mail.SigningFixture.SHOP;
import static dev.retour.mail.SigningFixture.TO;
import static dev.retour.mail.SigningFixture.bytes;
import static dev.retour.mail.SigningFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retour.support.DkimCheck;
import dev.retour.support.TestCertificate;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** S/MIME signatures as Bouncy Castle and OpenSSL verify them. */
class SmimeSigningTest {
  @TempDir private Path folder;
  private SigningFixture it;

  @BeforeEach
  void open() {
    it = new SigningFixture(folder);
  }

  @Test
  void smime_signs_the_body_and_dkim_signs_the_result() throws Exception {
    it.key("example.com", "s1.2026-01-01");
    Path smime = Files.createDirectories(folder.resolve("smime"));
    TestCertificate certificate = TestCertificate.of(folder, "email:shop@mail.example.com");
    Files.copy(certificate.store(), smime.resolve("shop@mail.example.com.p12"));
    Map<String, String> settings =
        Map.of("smime.keys", smime.toString(), "smime.password", certificate.password());
    Instant now = Instant.now();
    byte[] signed = it.signer(settings).sign(bytes(MAIL), SHOP, TO, now);
    String record = DkimKeys.load(it.keys()).all().get(0).record();
    assertThat(DkimCheck.verify(text(signed), record)).isTrue();
    assertThat(text(signed))
        .contains("Message-ID: <1@mail.example.com>", "multipart/signed", "micalg=sha-256")
        .doesNotContainPattern("[^\r]\n");
    assertThat(SmimeCheck.verify(signed)).isTrue();
    assertThat(SmimeCheck.verify(bytes(text(signed).replace("Hello", "Jello")))).isFalse();
    EmailAddress other = EmailAddress.parse("news@mail.example.com").orElseThrow();
    assertThat(text(it.signer(settings).sign(bytes(MAIL), other, TO, now)))
        .doesNotContain("multipart/signed");
    assertThatThrownBy(
            () ->
                it.signer(settings)
                    .sign(bytes(MAIL), SHOP, TO, Instant.parse("2060-01-01T00:00:00Z")))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("not valid");
  }

  @Test
  void openssl_accepts_the_smime_signature() throws Exception {
    OpenSsl.require();
    Path smime = Files.createDirectories(folder.resolve("smime"));
    TestCertificate certificate = TestCertificate.of(folder, "email:shop@mail.example.com");
    Files.copy(certificate.store(), smime.resolve("mail.example.com.p12"));
    Map<String, String> settings =
        Map.of("smime.keys", smime.toString(), "smime.password", certificate.password());
    it.key("example.com", "s1.2026-01-01");
    byte[] signed = it.signer(settings).sign(bytes(MAIL), SHOP, TO, Instant.now());
    Path mail = Files.write(folder.resolve("signed.eml"), signed);
    Path forged =
        Files.write(folder.resolve("forged.eml"), bytes(text(signed).replace("Hello", "Jello")));
    String trusted = certificate.pem().toString();
    assertThat(OpenSsl.verifies("cms", mail, trusted)).isTrue();
    assertThat(OpenSsl.verifies("smime", mail, trusted)).isTrue();
    assertThat(OpenSsl.verifies("cms", forged, trusted)).isFalse();
    String again = text(signed).replace("<1@mail", "<1.g2-7@mail");
    Path twice =
        Files.write(
            folder.resolve("again.eml"), it.signer(settings).signAgain(bytes(again), TO, NOW));
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
}
