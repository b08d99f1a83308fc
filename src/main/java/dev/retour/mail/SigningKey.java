package dev.retour.mail;

/**
 * A secret that signs return paths. Several are valid at a time, so that a key can be replaced
 * while bounces to the old one still arrive.
 */
public final class SigningKey {
  private static final int SECRET_BYTES_MIN = 16;

  private final int id;
  private final byte[] secret;

  /**
   * Takes over one key.
   *
   * @param id 0 to 255, part of each token
   * @param secret at least 16 random bytes
   * @throws IllegalArgumentException when the id or the length is out of range; the secret is not
   *     part of the message
   */
  public SigningKey(int id, byte[] secret) {
    if (id < 0 || id > 255) {
      throw new IllegalArgumentException("must have an id from 0 to 255, not " + id);
    }
    if (secret.length < SECRET_BYTES_MIN) {
      throw new IllegalArgumentException(
          "must have at least " + SECRET_BYTES_MIN + " bytes, not " + secret.length);
    }
    this.id = id;
    this.secret = secret.clone();
  }

  public int id() {
    return id;
  }

  byte[] secret() {
    return secret.clone();
  }

  @Override
  public String toString() {
    return "SigningKey " + id;
  }
}
