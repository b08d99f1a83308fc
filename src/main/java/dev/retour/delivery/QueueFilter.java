package dev.retour.delivery;

import dev.retour.mail.EmailAddress;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which work packages are meant; all that is given must hold.
 *
 * @param createdFrom at or after
 * @param createdUntil before
 * @param reason code of spec B1
 * @param ids empty: any
 */
public record QueueFilter(
    @Nullable String processor,
    List<String> states,
    @Nullable Instant createdFrom,
    @Nullable Instant createdUntil,
    @Nullable String recipient,
    @Nullable String domain,
    @Nullable String document,
    @Nullable Integer reason,
    @Nullable String message,
    List<Long> ids) {
  private static final int IDS_MAX = 10_000;
  private static final int TEXT_CHARS_MAX = 320;
  private static final int YEAR_MIN = 1_000;
  private static final int YEAR_MAX = 9_999;

  /** The names of the filters, as parameters of the interface and flags of the command. */
  public static final Set<String> NAMES =
      Set.of(
          "processor",
          "state",
          "created-from",
          "created-until",
          "recipient",
          "domain",
          "document",
          "reason",
          "message",
          "id");

  /** Every package. */
  public static final QueueFilter ALL =
      new QueueFilter(null, List.of(), null, null, null, null, null, null, null, List.of());

  /** Copies the lists. */
  public QueueFilter {
    states = List.copyOf(states);
    ids = List.copyOf(ids);
  }

  /** True when it leaves nothing out. */
  public boolean isEmpty() {
    return equals(ALL);
  }

  /**
   * Reads filters by their {@link #NAMES}; lists are separated by commas, other names are ignored.
   *
   * @throws IllegalArgumentException with one sentence about the first that cannot be read
   */
  public static QueueFilter of(Map<String, String> given) {
    String domain = text(given, "domain");
    String reason = text(given, "reason");
    return new QueueFilter(
        text(given, "processor"),
        list(given, "state").map(QueueFilter::state).toList(),
        time(given, "created-from"),
        time(given, "created-until"),
        recipient(given),
        domain == null ? null : domain.toLowerCase(Locale.ROOT),
        text(given, "document"),
        reason == null ? null : (int) number(reason, "reason"),
        text(given, "message"),
        ids(given));
  }

  /** The conditions as SQL, to be joined by AND. */
  List<String> conditions() {
    List<String> all = new ArrayList<>();
    add(all, processor, "p.processor = :processor");
    add(all, states.isEmpty() ? null : states, "p.state = ANY(:states)");
    add(all, createdFrom, "p.created_at >= :from");
    add(all, createdUntil, "p.created_at < :until");
    add(all, recipient, "p.recipient_key = :recipient");
    add(all, domain, "p.domain = :domain");
    add(all, document, "p.document = :document");
    add(all, reason, "p.failure_reason = :reason");
    add(all, message, "p.message = :message");
    add(all, ids.isEmpty() ? null : ids, "p.id = ANY(:ids)");
    return all;
  }

  private static void add(List<String> all, @Nullable Object given, String condition) {
    if (given != null) {
      all.add(condition);
    }
  }

  private static @Nullable String text(Map<String, String> given, String name) {
    String value = given.get(name);
    if (value == null || value.isBlank()) {
      return null;
    }
    if (value.length() > TEXT_CHARS_MAX) {
      throw new IllegalArgumentException(name + " is longer than any there can be.");
    }
    return value.strip();
  }

  private static Stream<String> list(Map<String, String> given, String name) {
    String value = given.getOrDefault(name, "");
    return Stream.of(value.split(",", IDS_MAX + 1)).map(String::strip).filter(s -> !s.isEmpty());
  }

  private static String state(String text) {
    try {
      return PackageState.valueOf(text.toUpperCase(Locale.ROOT)).label();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "There is no state \""
              + text
              + "\"; there are "
              + String.join(
                  ", ", Stream.of(PackageState.values()).map(PackageState::label).toList())
              + ".",
          e);
    }
  }

  /**
   * A time of a filter; null when it is not given.
   *
   * @throws IllegalArgumentException with one sentence when it is none a database knows
   */
  public static @Nullable Instant time(Map<String, String> given, String name) {
    String value = text(given, name);
    if (value == null) {
      return null;
    }
    try {
      OffsetDateTime time = OffsetDateTime.parse(value);
      if (time.getYear() < YEAR_MIN || time.getYear() > YEAR_MAX) {
        throw new IllegalArgumentException(
            name + " must be in the years " + YEAR_MIN + " to " + YEAR_MAX + ".");
      }
      return time.toInstant();
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          name + " must be a time such as 2026-03-01T10:00:00Z, not \"" + value + "\".", e);
    }
  }

  private static @Nullable String recipient(Map<String, String> given) {
    String value = text(given, "recipient");
    return value == null
        ? null
        : EmailAddress.parse(value)
            .map(EmailAddress::key)
            .orElseThrow(
                () -> new IllegalArgumentException("\"" + value + "\" is no mail address."));
  }

  private static List<Long> ids(Map<String, String> given) {
    List<Long> ids = list(given, "id").map(text -> number(text, "id")).toList();
    if (ids.size() > IDS_MAX) {
      throw new IllegalArgumentException("More than " + IDS_MAX + " ids; use a filter instead.");
    }
    if (ids.isEmpty() && !given.getOrDefault("id", "").isBlank()) {
      throw new IllegalArgumentException("id names no package.");
    }
    return ids;
  }

  private static long number(String text, String name) {
    try {
      long value = Long.parseLong(text.strip());
      if (value >= 0 && (value <= Integer.MAX_VALUE || name.equals("id"))) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new IllegalArgumentException(name + " must be a number, not \"" + text + "\".");
  }
}
