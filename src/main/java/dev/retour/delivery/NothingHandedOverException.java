package dev.retour.delivery;

import jakarta.mail.MessagingException;

/**
 * The connection was cut before the relay had agreed to take a body: trying again at once can make
 * no double. Routes name this class; see {@code failure-to-retry-queue}.
 */
public final class NothingHandedOverException extends MessagingException {
  private static final long serialVersionUID = 1L;

  NothingHandedOverException(String fault, Exception cause) {
    super(fault, cause);
  }
}
