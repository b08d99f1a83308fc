package dev.retour.events;

import dev.retour.delivery.QueueFilter;
import dev.retour.mail.EmailAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which events are meant; all that is given must hold.
 *
 * @param statuses as the outside sees them; empty: any
 * @param from received at or after
 * @param until received before
 * @param recipientKey normalised address of the recipient
 * @param document the ERP's number
 */
public record EventFilter(
    @Nullable String type,
    List<String> statuses,
    @Nullable Instant from,
    @Nullable Instant until,
    @Nullable String recipientKey,
    @Nullable String document) {
  private static final int TEXT_CHARS_MAX = 320;
  private static final Set<String> STATUSES =
      Set.of(
          "pending",
          "processing",
          "paused",
          "processed",
          "ignored",
          "deliveryFailed",
          "routingFailed",
          "tooOld",
          "targetingFailed");

  /** The names of the filters, as parameters of the interface and flags of the command. */
  public static final Set<String> NAMES =
      Set.of("type", "status", "from", "until", "recipient", "document");

  /** Copies the list. */
  public EventFilter {
    statuses = List.copyOf(statuses);
  }

  /**
   * Reads filters by their {@link #NAMES}; statuses are separated by commas, other names ignored.
   *
   * @throws IllegalArgumentException with one sentence about the first that cannot be read
   */
  public static EventFilter of(Map<String, String> given) {
    return new EventFilter(
        text(given, "type"),
        statuses(text(given, "status")),
        QueueFilter.time(given, "from"),
        QueueFilter.time(given, "until"),
        recipient(text(given, "recipient")),
        text(given, "document"));
  }

  private static List<String> statuses(@Nullable String given) {
    return given == null
        ? List.of()
        : Stream.of(given.split(",", -1)).map(EventFilter::status).distinct().toList();
  }

  private static String status(String given) {
    return STATUSES.stream()
        .filter(status -> status.equalsIgnoreCase(given.strip()))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "There is no status "
                        + given.strip()
                        + "; there are "
                        + String.join(", ", STATUSES.stream().sorted().toList())
                        + "."));
  }

  private static @Nullable String recipient(@Nullable String given) {
    return given == null
        ? null
        : EmailAddress.parse(given)
            .map(EmailAddress::key)
            .orElseThrow(() -> new IllegalArgumentException("recipient is no mail address."));
  }

  private static @Nullable String text(Map<String, String> given, String name) {
    String value = given.get(name);
    if (value == null || value.isBlank()) {
      return null;
    }
    if (value.length() > TEXT_CHARS_MAX || value.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(name + " cannot be any there is.");
    }
    return value.strip();
  }
}
