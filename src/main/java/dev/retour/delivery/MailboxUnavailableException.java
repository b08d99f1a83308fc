package dev.retour.delivery;

import jakarta.mail.MessagingException;
import org.jspecify.annotations.Nullable;

/**
 * The mailbox (the account at the relay) cannot be used: nobody answers, or the login is refused.
 * That says nothing about the mail at hand; the mailbox is paused and the mail waits.
 */
final class MailboxUnavailableException extends MessagingException {
  private static final long serialVersionUID = 1L;

  private final String mailbox;

  MailboxUnavailableException(String mailbox, String fault, @Nullable Exception cause) {
    super(fault, cause);
    this.mailbox = mailbox;
  }

  /** Its name. */
  String mailbox() {
    return mailbox;
  }
}
