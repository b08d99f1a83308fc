package dev.retour.delivery;

import dev.retour.config.ConfigException;
import dev.retour.config.Setting;
import dev.retour.config.Settings;
import dev.retour.mail.UnsubscribeConfig;
import java.time.Duration;
import java.util.List;

/**
 * How long what is settled is kept, counted from its last change.
 *
 * @param rawMails the bytes of mails
 * @param packages events, their packages, attempts and logs; callbacks
 * @param least what an event type wishes to be removed sooner is kept so long all the same
 * @param links so is a mail that carries a link to unsubscribe, which has to find it
 */
public record RetentionConfig(
    Duration rawMails, Duration packages, Duration least, Duration links) {
  public static final Setting<Duration> RAW_RETENTION =
      Setting.duration(
          "delivery.raw-retention",
          "90d",
          "How long the bytes of a mail are kept after it was sent, expired or was cancelled; so long"
              + " it can be sent again.");
  public static final Setting<Duration> RETENTION =
      Setting.duration(
          "delivery.retention",
          "730d",
          "How long events, packages with attempts and log, and callbacks are kept after they are"
              + " settled. So long a request for the same document, or with the same"
              + " Idempotency-Key, is answered instead of being sent once more.");
  public static final List<Setting<?>> SETTINGS = List.of(RAW_RETENTION, RETENTION);

  /** Whatever an event type wishes is right. */
  public RetentionConfig(Duration rawMails, Duration packages) {
    this(rawMails, packages, Duration.ZERO, Duration.ZERO);
  }

  /** Checks the combination of values. */
  public RetentionConfig {
    if (rawMails.isZero()) {
      throw new ConfigException(RAW_RETENTION.key(), rawMails, "must be more than 0s");
    }
    if (packages.compareTo(rawMails) < 0) {
      throw new ConfigException(
          RETENTION.key(), packages, "must not be less than " + RAW_RETENTION.key());
    }
  }

  /** Reads and checks the settings. */
  public static RetentionConfig from(Settings settings) {
    Duration packages = settings.get(RETENTION);
    Duration least = settings.get(DeliveryConfig.RETURN_PATH_VALIDITY);
    if (packages.compareTo(least) < 0) {
      throw new ConfigException(
          RETENTION.key(),
          settings.text(RETENTION),
          "must not be less than "
              + DeliveryConfig.RETURN_PATH_VALIDITY.key()
              + ": a bounce has to find its package");
    }
    UnsubscribeConfig unsubscribe = UnsubscribeConfig.from(settings);
    if (unsubscribe.isSet() && packages.compareTo(unsubscribe.validity()) < 0) {
      throw new ConfigException(
          RETENTION.key(),
          settings.text(RETENTION),
          "must not be less than "
              + UnsubscribeConfig.VALIDITY.key()
              + ": a link to unsubscribe has to find its mail");
    }
    return new RetentionConfig(
        settings.get(RAW_RETENTION),
        packages,
        least,
        unsubscribe.isSet() ? unsubscribe.validity() : Duration.ZERO);
  }
}
