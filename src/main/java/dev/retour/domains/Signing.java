package dev.retour.domains;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How mail for a domain is signed, as its rule says.
 *
 * @param dkim null: not by DKIM
 * @param smime null: not by S/MIME
 */
public record Signing(@Nullable Dkim dkim, @Nullable Smime smime) {
  static final Signing NONE = new Signing(null, null);

  /**
   * DKIM (RFC 6376).
   *
   * @param domain the signing domain ({@code d=})
   * @param selector {@code s=}
   * @param keyFile the private key, PEM (PKCS #8)
   */
  public record Dkim(String domain, String selector, Path keyFile) {}

  /**
   * S/MIME (RFC 8551).
   *
   * @param keyStore certificate and key, PKCS #12
   * @param password read from the environment or a file when the rules were loaded
   */
  public record Smime(Path keyStore, String password) {
    @Override
    public String toString() {
      return keyStore.toString();
    }
  }
}
