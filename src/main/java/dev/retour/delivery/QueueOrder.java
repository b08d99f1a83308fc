package dev.retour.delivery;

import dev.retour.mail.EmailAddress;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants done.
 *
 * @param who for the log
 * @param recipient the new one, for {@link QueueAction#RECIPIENT} only
 */
public record QueueOrder(QueueAction action, String who, @Nullable EmailAddress recipient) {
  private static final int WHO_CHARS_MAX = 100;

  /** Cuts the name to what the log takes. */
  public QueueOrder {
    who = who.replaceAll("\\p{Cntrl}", " ").strip();
    who = who.isEmpty() ? "unknown" : who.substring(0, Math.min(WHO_CHARS_MAX, who.length()));
    if ((action == QueueAction.RECIPIENT) != (recipient != null)) {
      throw new IllegalArgumentException(
          recipient == null
              ? "Name the new recipient."
              : "Only the action recipient takes a new recipient.");
    }
  }

  public static QueueOrder of(QueueAction action, String who) {
    return new QueueOrder(action, who, null);
  }

  EmailAddress newRecipient() {
    if (recipient == null) {
      throw new IllegalStateException("There is no new recipient.");
    }
    return recipient;
  }
}
