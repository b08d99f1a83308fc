package dev.retour.delivery;

import dev.retour.qualification.Phase;
import jakarta.mail.MessagingException;
import org.jspecify.annotations.Nullable;

/**
 * The SMTP session did not go on: the server refused, was silent, or broke the protocol. Carries
 * nothing secret: what was sent is never part of it.
 */
class SmtpException extends MessagingException {
  private static final long serialVersionUID = 1L;

  private final Phase phase;
  private final int replyCode;

  /**
   * @param replyCode the server's, or the one that says the same (RFC 5321 section 4.2); 0: there
   *     was no answer
   * @param text the answer with its code, or the fault as a sentence
   */
  SmtpException(Phase phase, int replyCode, String text, @Nullable Exception cause) {
    super(text, cause);
    this.phase = phase;
    this.replyCode = replyCode;
  }

  SmtpException(Phase phase, int replyCode, String text) {
    this(phase, replyCode, text, null);
  }

  static SmtpException refused(Phase phase, SmtpReply reply) {
    return new SmtpException(phase, reply.isRefusal() ? reply.code() : 0, reply.text());
  }

  Phase phase() {
    return phase;
  }

  int replyCode() {
    return replyCode;
  }
}
