package dev.retour.quarantine;

import dev.retour.config.ConfigException;
import dev.retour.config.Setting;
import dev.retour.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Settings of the room (spec B4, B5).
 *
 * @param errorsMax the significant error that leads to quarantine
 * @param significantAfter least time between two errors that both count
 * @param restartAfter time without error after which the counter restarts
 * @param mailboxFullReleaseAfter time after which a full mailbox is tried again
 * @param textCharsMax characters of a failure text that are kept
 * @param listMax rows of one list at most
 * @param outage when the outage guard holds decisions
 */
public record QuarantineConfig(
    int errorsMax,
    Duration significantAfter,
    Duration restartAfter,
    Duration mailboxFullReleaseAfter,
    int textCharsMax,
    int listMax,
    OutageLimits outage) {

  /**
   * When so many failures are an outage of the provider rather than addresses that are gone.
   *
   * @param window time within which failures with one text are taken together
   * @param addresses of one domain that may be quarantined in it
   * @param sharePercent share of the addresses of one domain that may be
   * @param shareFrom addresses from which on the share counts
   */
  public record OutageLimits(Duration window, int addresses, int sharePercent, int shareFrom) {}

  static final Setting<Integer> ERRORS_MAX =
      Setting.number(
          "quarantine.errors-max",
          5,
          1,
          100,
          "errors",
          "The significant soft error at which an address is quarantined.");
  static final Setting<Duration> SIGNIFICANT_AFTER =
      Setting.duration(
          "quarantine.significant-after",
          "24h",
          "Soft errors closer together than this count once.");
  static final Setting<Duration> RESTART_AFTER =
      Setting.duration(
          "quarantine.restart-after",
          "10d",
          "An address with errors that had none for so long is valid again.");
  static final Setting<Duration> MAILBOX_FULL_RELEASE_AFTER =
      Setting.duration(
          "quarantine.mailbox-full-release-after",
          "30d",
          "An address barred because its mailbox was full is valid again after this time.");
  static final Setting<Integer> TEXT_CHARS_MAX =
      Setting.number(
          "quarantine.text-chars-max",
          1_000,
          100,
          10_000,
          "characters",
          "How much of a failure text is kept with an address.");
  static final Setting<Integer> LIST_MAX =
      Setting.number(
          "quarantine.list-max", 500, 1, 10_000, "rows", "The longest list shown at once.");

  static final Setting<Duration> OUTAGE_WINDOW =
      Setting.duration(
          "quarantine.outage-window",
          "15m",
          "Failures of one domain with one text within this time are taken together by the outage"
              + " guard.");
  static final Setting<Integer> OUTAGE_ADDRESSES =
      Setting.number(
          "quarantine.outage-addresses",
          50,
          1,
          1_000_000,
          "addresses",
          "When one text bars more addresses of one domain than this within the window, further"
              + " decisions are held and a person is asked.");
  static final Setting<Integer> OUTAGE_SHARE =
      Setting.number(
          "quarantine.outage-share",
          20,
          1,
          100,
          "%",
          "The same for a share of the addresses of the domain written to within 30 days.");
  static final Setting<Integer> OUTAGE_SHARE_FROM =
      Setting.number(
          "quarantine.outage-share-from",
          10,
          2,
          1_000_000,
          "addresses",
          "Fewer addresses than this are never taken for an outage by their share.");

  /** Where the rules of the gate are. */
  public static final Setting<Path> GATE_RULES =
      Setting.path(
          "quarantine.gate-rules",
          "rules/exclusions.rules.yaml",
          "File of the gate's rules: duplicates, questions to databases, frequency caps, daily"
              + " limits.");

  /** All settings of the room, for the documentation. */
  public static final List<Setting<?>> SETTINGS =
      List.of(
          ERRORS_MAX,
          SIGNIFICANT_AFTER,
          RESTART_AFTER,
          MAILBOX_FULL_RELEASE_AFTER,
          TEXT_CHARS_MAX,
          LIST_MAX,
          OUTAGE_WINDOW,
          OUTAGE_ADDRESSES,
          OUTAGE_SHARE,
          OUTAGE_SHARE_FROM,
          GATE_RULES);

  public QuarantineConfig {
    if (restartAfter.compareTo(significantAfter) <= 0) {
      throw new ConfigException(
          RESTART_AFTER.key(),
          restartAfter,
          "must exceed " + SIGNIFICANT_AFTER.key() + " (" + significantAfter + ")");
    }
  }

  /** Reads and checks the settings. */
  public static QuarantineConfig from(Settings settings) {
    return new QuarantineConfig(
        settings.get(ERRORS_MAX),
        settings.get(SIGNIFICANT_AFTER),
        settings.get(RESTART_AFTER),
        settings.get(MAILBOX_FULL_RELEASE_AFTER),
        settings.get(TEXT_CHARS_MAX),
        settings.get(LIST_MAX),
        new OutageLimits(
            settings.get(OUTAGE_WINDOW),
            settings.get(OUTAGE_ADDRESSES),
            settings.get(OUTAGE_SHARE),
            settings.get(OUTAGE_SHARE_FROM)));
  }
}
