package dev.retour.delivery;

import dev.retour.qualification.Phase;
import org.jspecify.annotations.Nullable;

/**
 * The session ended after {@code body_sent} was committed, and the final dot is known not to have
 * left: the mail was not handed over (docs/decisions/0007).
 */
final class UnsentDotException extends SmtpException {
  private static final long serialVersionUID = 1L;
  private static final int DEPTH_MAX = 10;

  UnsentDotException(String text, @Nullable Exception cause) {
    super(Phase.DATA, 0, text, cause);
  }

  static boolean causes(Throwable thrown) {
    Throwable cause = thrown;
    for (int depth = 0; cause != null && depth < DEPTH_MAX; depth++) {
      if (cause instanceof UnsentDotException) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }
}
