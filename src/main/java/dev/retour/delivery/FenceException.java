package dev.retour.delivery;

import java.io.IOException;

/**
 * The final dot must not be sent: {@code body_sent} could not be committed, or the package was
 * given to another sidecar meanwhile. The connection is cut; the server discards what it has.
 */
final class FenceException extends IOException {
  private static final long serialVersionUID = 1L;

  static FenceException takenOver() {
    return new FenceException("Another sidecar took this work package over.");
  }

  FenceException(String sentence) {
    super(sentence);
  }

  FenceException(String sentence, Throwable cause) {
    super(sentence, cause);
  }

  static boolean causes(Throwable thrown) {
    Throwable cause = thrown;
    for (int depth = 0; cause != null && depth < 10; depth++) {
      if (cause instanceof FenceException) {
        return true;
      }
      cause =
          cause instanceof jakarta.mail.MessagingException mail && mail.getNextException() != null
              ? mail.getNextException()
              : cause.getCause();
    }
    return false;
  }
}
