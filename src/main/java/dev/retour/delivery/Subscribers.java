package dev.retour.delivery;

import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** Whom the mails went to that carry a link to unsubscribe. */
public final class Subscribers {
  private final Jdbi jdbi;

  Subscribers(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * A recipient.
   *
   * @param addressKey the normalised address
   * @param category what can be unsubscribed from
   */
  public record Subscriber(String addressKey, String category) {}

  /**
   * Of the mail of an event: one, or more when it was sent again to another address, as both got
   * the same link. Empty when the mail was removed, or cannot be unsubscribed from.
   */
  public List<Subscriber> of(UUID event) {
    return jdbi.withHandle(handle -> RecipientStore.subscribers(handle, event));
  }
}
