package dev.retour.delivery;

import jakarta.mail.MessagingException;

/** No session with a stranger's server came about: its other servers may be tried. */
final class UnopenedException extends MessagingException {
  private static final long serialVersionUID = 1L;

  UnopenedException(SmtpException cause) {
    super(cause.getMessage(), cause);
  }
}
