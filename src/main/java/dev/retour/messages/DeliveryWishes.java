package dev.retour.messages;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an event says about its delivery beside its recipient.
 *
 * @param cc further recipients, named in the mail
 * @param bcc further recipients, named nowhere
 * @param inCharge who is told when the mail fails; null: whom the settings name
 * @param tellAfter somebody is told when the mail is not accepted by then; null: never
 */
public record DeliveryWishes(
    List<String> cc, List<String> bcc, @Nullable String inCharge, @Nullable Duration tellAfter) {
  /** Nothing beside the recipient. */
  public static final DeliveryWishes NONE = new DeliveryWishes(List.of(), List.of(), null, null);

  /** Copies the lists. */
  public DeliveryWishes {
    cc = List.copyOf(cc);
    bcc = List.copyOf(bcc);
  }

  /** The recipients beside the first. */
  public List<String> copies() {
    List<String> all = new ArrayList<>(cc);
    all.addAll(bcc);
    return all;
  }
}
