package dev.retour.mail;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Instant;
import java.util.Base64;

/**
 * A private key of DKIM (RFC 6376) with the name its public half is published under.
 *
 * <p>RSA only: the library in use signs the text itself where RFC 8463 wants its hash signed, so no
 * server would believe an Ed25519 signature of it.
 *
 * @param domain {@code d=}, lower case
 * @param selector {@code s=}
 * @param activeFrom signs from then on
 */
public record DkimKey(String domain, String selector, Instant activeFrom, RSAPrivateCrtKey key) {
  private static final int BITS_MIN = 1_024;
  private static final long FILE_BYTES_MAX = 65_536;
  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";

  /**
   * Reads a key in PEM (PKCS #8).
   *
   * @throws SigningException with a sentence that names the file and holds nothing of it
   */
  public static DkimKey read(Path file, String domain, String selector, Instant activeFrom)
      throws SigningException {
    if (!isName(domain) || !isName(selector)) {
      throw new SigningException(
          "DKIM key " + file + ": domain and selector must be names of the DNS.", null);
    }
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw new SigningException("DKIM key " + file + " is too big to be a key.", null);
      }
      String pem = Files.readString(file, StandardCharsets.US_ASCII);
      int begin = pem.indexOf(BEGIN);
      int end = pem.indexOf(END);
      if (begin < 0 || end < begin) {
        throw new SigningException(
            "DKIM key " + file + " must be PEM that begins with " + BEGIN + " (PKCS #8).", null);
      }
      byte[] der = Base64.getMimeDecoder().decode(pem.substring(begin + BEGIN.length(), end));
      if (KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der))
              instanceof RSAPrivateCrtKey rsa
          && rsa.getModulus().bitLength() >= BITS_MIN) {
        return new DkimKey(domain, selector, activeFrom, rsa);
      }
      throw new SigningException(
          "DKIM key " + file + " must have at least " + BITS_MIN + " bits.", null);
    } catch (IOException e) {
      throw new SigningException("DKIM key " + file + " cannot be read: " + e.getMessage(), e);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new SigningException(
          "DKIM key " + file + " must be an RSA key; others are not supported.", null);
    }
  }

  /** Where the public half must be published. */
  public String recordName() {
    return selector + "._domainkey." + domain;
  }

  /** The TXT record that must be published there (RFC 6376 section 3.6.1). */
  public String record() {
    try {
      BigInteger modulus = key.getModulus();
      byte[] published =
          KeyFactory.getInstance("RSA")
              .generatePublic(new RSAPublicKeySpec(modulus, key.getPublicExponent()))
              .getEncoded();
      return "v=DKIM1; k=rsa; p=" + Base64.getEncoder().encodeToString(published);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java knows RSA.", e);
    }
  }

  @Override
  public String toString() {
    return recordName() + " from " + activeFrom;
  }

  private static boolean isName(String text) {
    return !text.isEmpty()
        && text.length() <= 200
        && text.chars()
            .allMatch(
                c ->
                    (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || (c >= '0' && c <= '9')
                        || "-_.".indexOf(c) >= 0);
  }
}
