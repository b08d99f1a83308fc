package dev.retour.events;

import dev.retour.config.ConfigException;
import dev.retour.config.Setting;
import dev.retour.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How events are taken in and turned into mails.
 *
 * @param batch the most events turned into mails per turn
 * @param retryFirst distance to the next try when an event could not be turned into a mail
 * @param retryMax the distance doubles up to this
 * @param validity an event without an expiration of its own is too old after this
 * @param tenant whose documents these are, when several share a database
 * @param documentGuard when the guard of documents has a say
 * @param batchesMax batches taken in at the same time
 * @param attachmentStores file that says where files are that events name
 */
public record EventsConfig(
    int batch,
    Duration retryFirst,
    Duration retryMax,
    Duration validity,
    String tenant,
    Guard documentGuard,
    int batchesMax,
    Path attachmentStores) {

  private static final Duration AWAY_MAX = Duration.ofMinutes(1);

  /** When a second request for the same document is refused. */
  public enum Guard {
    /** Unless it has an Idempotency-Key of its own: that one is its intent. */
    UNLESS_KEYED,
    /** Always, whatever its key. */
    ALWAYS
  }

  public static final Setting<Integer> BATCH =
      Setting.number(
          "events.batch",
          2_000,
          1,
          10_000,
          "events",
          "The most events turned into mails per turn.");
  public static final Setting<Duration> RETRY_FIRST =
      Setting.duration(
          "events.retry-first",
          "5s",
          "When an event cannot become a mail yet (its message is missing or broken): time to the"
              + " first new try.");
  public static final Setting<Duration> RETRY_MAX =
      Setting.duration("events.retry-max", "10m", "That time doubles up to this.");
  public static final Setting<Duration> VALIDITY =
      Setting.duration(
          "events.validity", "5d", "Without an expiration of its own, an event is too old then.");
  public static final Setting<String> TENANT =
      Setting.text(
          "events.tenant",
          "",
          "Whose documents these are: part of the key of the duplicate guard when several ERPs"
              + " share a database.");
  public static final Setting<Guard> DOCUMENT_GUARD =
      Setting.choice(
          "events.document-guard",
          Guard.UNLESS_KEYED,
          "unless_keyed: a second request for a document that is open, in error or sent is"
              + " answered 409, unless it has an Idempotency-Key, which then stands for its intent;"
              + " always: also then.");
  public static final Setting<Integer> BATCHES_MAX =
      Setting.number(
          "events.batches-max",
          2,
          1,
          16,
          "batches",
          "Batches of events taken in at the same time; one more is answered 503 with Retry-After."
              + " The body of one that is answered so was held in memory, too.");
  public static final Setting<Path> ATTACHMENT_STORES =
      Setting.path(
          "events.attachment-stores",
          "rules/attachments.yaml",
          "File of the folders and tables from which events may name attachments.");
  public static final List<Setting<?>> SETTINGS =
      List.of(
          BATCH,
          RETRY_FIRST,
          RETRY_MAX,
          VALIDITY,
          TENANT,
          DOCUMENT_GUARD,
          BATCHES_MAX,
          ATTACHMENT_STORES);

  /** Checks the combination of values. */
  public EventsConfig {
    if (retryFirst.isZero() || retryFirst.compareTo(retryMax) > 0) {
      throw new ConfigException(
          RETRY_FIRST.key(), retryFirst, "must be more than 0s and not exceed " + retryMax);
    }
    if (validity.isZero()) {
      throw new ConfigException(VALIDITY.key(), validity, "must be more than 0s");
    }
  }

  /** When it is tried again after so many tries. */
  Duration backOff(int tries) {
    Duration wait = retryFirst.multipliedBy(1L << Math.min(tries, 20));
    return wait.compareTo(retryMax) > 0 ? retryMax : wait;
  }

  /** What waits for a source that is away goes on so soon after it is back. */
  Duration awayMax() {
    return AWAY_MAX.compareTo(retryMax) > 0 ? retryMax : AWAY_MAX;
  }

  /**
   * When an event is too old.
   *
   * @param from when its time began: it was received, or is scheduled for later
   */
  Instant tooOldAt(@Nullable Instant expiration, Instant from) {
    return expiration != null ? expiration : from.plus(validity);
  }

  public static EventsConfig from(Settings settings) {
    return new EventsConfig(
        settings.get(BATCH),
        settings.get(RETRY_FIRST),
        settings.get(RETRY_MAX),
        settings.get(VALIDITY),
        settings.get(TENANT),
        settings.get(DOCUMENT_GUARD),
        settings.get(BATCHES_MAX),
        settings.get(ATTACHMENT_STORES));
  }
}
