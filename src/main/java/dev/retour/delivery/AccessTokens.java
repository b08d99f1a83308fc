package dev.retour.delivery;

import java.io.IOException;

/** Where access tokens (OAuth 2.0, RFC 6749) come from. */
public interface AccessTokens {
  /**
   * A token that is valid now.
   *
   * @throws IOException with a sentence that holds no secret, when there is none to be had
   */
  String token() throws IOException;

  /** The server refused the last one: the next call must not give it again. */
  void discard();
}
