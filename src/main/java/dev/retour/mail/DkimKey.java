package dev.retour.mail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;

/**
 * A private key of DKIM with the name its public half is published under: RSA (RFC 6376) or Ed25519
 * (RFC 8463).
 *
 * @param domain {@code d=}, lower case
 * @param selector {@code s=}
 * @param activeFrom signs from then on
 * @param key an {@link RSAPrivateCrtKey} or an Ed25519 {@link EdECPrivateKey}
 */
public record DkimKey(String domain, String selector, Instant activeFrom, PrivateKey key) {
  private static final int BITS_MIN = 1_024;
  private static final int ED25519_BYTES = 32;
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
    if (!isName(domain) || !isName(selector) || domain.indexOf('.') < 1) {
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
      return new DkimKey(domain, selector, activeFrom, key(file, der));
    } catch (IOException e) {
      throw new SigningException("DKIM key " + file + " cannot be read: " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw unusable(file);
    }
  }

  private static PrivateKey key(Path file, byte[] der) throws SigningException {
    for (String algorithm : new String[] {"RSA", "Ed25519"}) {
      try {
        PrivateKey key =
            KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
        if (key instanceof RSAPrivateCrtKey rsa && rsa.getModulus().bitLength() < BITS_MIN) {
          throw new SigningException(
              "DKIM key " + file + " must have at least " + BITS_MIN + " bits.", null);
        }
        if (key instanceof RSAPrivateCrtKey || key instanceof EdECPrivateKey) {
          return key;
        }
      } catch (GeneralSecurityException e) {
        // Not of this algorithm; what it is none of is said below.
      }
    }
    throw unusable(file);
  }

  private static SigningException unusable(Path file) {
    return new SigningException(
        "DKIM key " + file + " must be an RSA or an Ed25519 key; others are not supported.", null);
  }

  /** Whether it signs as RFC 8463 says; else as RFC 6376 does by RSA. */
  boolean isEd25519() {
    return key instanceof EdECPrivateKey;
  }

  /** Where the public half must be published. */
  public String recordName() {
    return selector + "._domainkey." + domain;
  }

  /** The TXT record that must be published there (RFC 6376 section 3.6.1, RFC 8463 section 4). */
  public String record() {
    try {
      byte[] published =
          key instanceof RSAPrivateCrtKey rsa
              ? KeyFactory.getInstance("RSA")
                  .generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()))
                  .getEncoded()
              : ed25519Public();
      return "v=DKIM1; k="
          + (isEd25519() ? "ed25519" : "rsa")
          + "; p="
          + Base64.getEncoder().encodeToString(published);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java knows RSA and Ed25519.", e);
    }
  }

  /** The 32 bytes of RFC 8032; they stand at the end of the X.509 form. */
  private byte[] ed25519Public() throws GeneralSecurityException {
    byte[] seed = ((EdECPrivateKey) key).getBytes().orElseThrow();
    KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
    generator.initialize(NamedParameterSpec.ED25519, new Known(seed));
    byte[] encoded = generator.generateKeyPair().getPublic().getEncoded();
    return Arrays.copyOfRange(encoded, encoded.length - ED25519_BYTES, encoded.length);
  }

  /** The JDK makes a public key only together with its private one, which we have: the "chance". */
  private static final class Known extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final byte[] seed;

    Known(byte[] seed) {
      this.seed = seed.clone();
    }

    @Override
    public void nextBytes(byte[] bytes) {
      System.arraycopy(seed, 0, bytes, 0, bytes.length);
    }
  }

  @Override
  public String toString() {
    return recordName() + (isEd25519() ? " (Ed25519)" : "") + " from " + activeFrom;
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
