package dev.retour.delivery;

import dev.retour.config.ConfigException;
import dev.retour.config.Setting;
import dev.retour.config.Settings;
import dev.retour.mail.EmailAddress;
import java.time.Duration;
import java.util.List;

/**
 * Who is told of failures, how often.
 *
 * @param errorsTo who is told of what nobody is in charge of; empty: nobody
 * @param every the least time between two digests to one person
 * @param from the sender of digests; empty: retour@ the domain of the return path
 * @param link where the console is found from outside; empty: no links
 */
public record DigestConfig(List<String> errorsTo, Duration every, String from, String link) {
  public static final Setting<String> ERRORS_TO =
      Setting.text(
          "delivery.errors-to",
          "",
          "Who is told of mails that failed and nobody is in charge of: addresses separated by"
              + " commas. Empty: nobody, the console only.");
  public static final Setting<Duration> DIGEST_EVERY =
      Setting.duration(
          "delivery.digest-every",
          "15m",
          "One mail about all new failures at most this often; a missed tellAfter is told at once.");
  public static final Setting<String> DIGEST_FROM =
      Setting.text(
          "delivery.digest-from",
          "",
          "Sender of these mails. Empty: retour@ the domain of the return path.");
  public static final Setting<String> DIGEST_LINK =
      Setting.text(
          "delivery.digest-link",
          "",
          "Where this Retour is found from outside, such as https://retour.example.com; for links"
              + " in these mails.");
  public static final List<Setting<?>> SETTINGS =
      List.of(ERRORS_TO, DIGEST_EVERY, DIGEST_FROM, DIGEST_LINK);

  /** Checks the addresses. */
  public DigestConfig {
    errorsTo = List.copyOf(errorsTo);
    errorsTo.forEach(address -> require(ERRORS_TO.key(), address));
    if (!from.isEmpty()) {
      require(DIGEST_FROM.key(), from);
    }
    if (every.isZero()) {
      throw new ConfigException(DIGEST_EVERY.key(), every, "must be more than 0s");
    }
    if (!link.isEmpty() && !link.matches("https?://[!-~]{1,200}")) {
      throw new ConfigException(DIGEST_LINK.key(), link, "must be an http or https address");
    }
  }

  public static DigestConfig from(Settings settings) {
    return new DigestConfig(
        List.of(settings.get(ERRORS_TO).split(",", -1)).stream()
            .map(String::strip)
            .filter(address -> !address.isEmpty())
            .toList(),
        settings.get(DIGEST_EVERY),
        settings.get(DIGEST_FROM),
        settings.get(DIGEST_LINK));
  }

  private static void require(String key, String address) {
    boolean plain =
        EmailAddress.parse(address)
            .map(EmailAddress::text)
            .filter(address::equalsIgnoreCase)
            .isPresent();
    if (!plain || !address.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new ConfigException(key, address, "must be a plain mail address");
    }
  }
}
