package dev.retour.mail;

import dev.retour.config.Settings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A mail, and signers with keys in a folder of their own. */
final class SigningFixture {
  static final EmailAddress SHOP = EmailAddress.parse("shop@mail.example.com").orElseThrow();
  static final List<String> TO = List.of("example.org");
  static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  static final String MAIL =
      "From: =?utf-8?q?Gr=C3=BC=C3=9Fe?= <shop@mail.example.com>\r\nTo: anna@example.org\r\n"
          + "Subject:  An   invoice\r\n\tfolded\r\nDate: Sat, 21 Nov 2026 12:00:00 +0000\r\n"
          + "Message-ID: <1@mail.example.com>\r\nMIME-Version: 1.0\r\n"
          + "Content-Type: text/plain; charset=utf-8\r\n"
          + "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
          + "Hello  =C3=BC \t\r\n\r\n..dots\r\n\r\n\r\n";
  static final String RSA = rsa();

  private final Path folder;

  /**
   * @param folder where keys are put, empty at first
   */
  SigningFixture(Path folder) {
    this.folder = folder;
  }

  /** The folder of the keys by domain. */
  Path keys() {
    return folder.resolve("dkim");
  }

  /** One that signs for all, with settings beside the folder of its keys. */
  MailSigner signer(Map<String, String> more) throws SigningException {
    return new MailSigner(config(more), SigningRules.ALL);
  }

  SigningConfig config(Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("dkim.keys", keys().toString());
    return SigningConfig.from(Settings.of(settings));
  }

  /** The mail as it goes out. */
  static String sign(MailSigner signer, String mail) throws SigningException {
    return text(signer.sign(bytes(mail), SHOP, TO, NOW));
  }

  /** A key as a rule of a domain has it. */
  DkimKey dkim(String domain, String selector, String pem) throws Exception {
    Path file = Files.writeString(folder.resolve(selector + ".pem"), pem);
    return DkimKey.read(file, domain, selector, Instant.MIN);
  }

  /** A key of the settings; its name says from when on it signs. */
  void key(String domain, String name) throws Exception {
    Path home = Files.createDirectories(keys().resolve(domain));
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

  /** A fresh private key. */
  static String pem(String algorithm) throws java.security.GeneralSecurityException {
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder()
            .encodeToString(
                KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPrivate().getEncoded())
        + "\n-----END PRIVATE KEY-----\n";
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
