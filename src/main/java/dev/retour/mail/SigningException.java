package dev.retour.mail;

import org.jspecify.annotations.Nullable;

/** A mail could not be signed as it must be; it is not sent unsigned instead. */
public final class SigningException extends Exception {
  private static final long serialVersionUID = 1L;

  SigningException(String sentence, @Nullable Exception cause) {
    super(sentence, cause);
  }
}
