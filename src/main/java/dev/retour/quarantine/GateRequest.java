package dev.retour.quarantine;

import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A mail that asks the gate.
 *
 * @param addressKey the normalised address; blank: there is none
 * @param message {@code EVT…}
 * @param category what its recipient can unsubscribe from; null: nothing
 * @param document the ERP's document, if it is about one
 * @param payload the fields of its event as JSON; null: as stored with {@code eventId}
 * @param eventId the event it came from, if it is stored already
 * @param packageId its work package; 0: it has none yet
 * @param attemptId the attempt that asks
 * @param again whether a person sends it once more, on purpose
 */
public record GateRequest(
    String addressKey,
    String message,
    @Nullable String category,
    @Nullable String document,
    @Nullable String payload,
    @Nullable UUID eventId,
    long packageId,
    long attemptId,
    boolean again,
    Purpose purpose) {

  /** Compares addresses as the book does. */
  public GateRequest {
    addressKey = addressKey.strip().toLowerCase(Locale.ROOT);
  }

  /** What a mail is for. */
  public enum Purpose {
    /** A mail of an event: all rules hold. */
    MAIL,
    /** A try of a message: only 7 and 8 hold (spec C6). */
    PROOF,
    /** Anything of our own, such as a digest: the address decides alone. */
    OTHER;

    /** By {@code work_package.processor}. */
    public static Purpose of(String processor) {
      return switch (processor) {
        case "mail" -> MAIL;
        case "proof" -> PROOF;
        default -> OTHER;
      };
    }
  }

  /**
   * An event that just came in.
   *
   * @param payload null: nobody compares it
   */
  public static GateRequest arriving(
      String addressKey,
      String message,
      @Nullable String category,
      @Nullable String document,
      @Nullable String payload) {
    return new GateRequest(
        addressKey, message, category, document, payload, null, 0, 0, false, Purpose.MAIL);
  }

  /** An address and nothing else. */
  static GateRequest to(String addressKey) {
    return new GateRequest(addressKey, "", null, null, null, null, 0, 0, false, Purpose.OTHER);
  }

  /** The domain of the address. */
  public String domain() {
    return addressKey.substring(addressKey.lastIndexOf('@') + 1);
  }
}
