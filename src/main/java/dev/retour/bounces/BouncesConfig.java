package dev.retour.bounces;

import dev.retour.config.ConfigException;
import dev.retour.config.Setting;
import dev.retour.config.Settings;
import java.time.Duration;
import java.util.List;

/**
 * The mailboxes bounces come back to.
 *
 * @param imap the bounce mailbox read by IMAP; processed mails are moved to folders
 * @param pop3 one read by POP3, for instance for complaints; a mail is deleted there once it is
 *     stored here
 * @param fetch how much is read at a time
 * @param retention how long mails are kept
 * @param trust whose bounces change addresses
 */
public record BouncesConfig(
    Mailbox imap, Mailbox pop3, Fetch fetch, Retention retention, Trust trust) {
  /** Where and as whom; {@code toString} hides the password. */
  public record Mailbox(String host, int port, String user, String password, boolean tls) {
    /** Whether there is such a mailbox. */
    public boolean enabled() {
      return !host.isEmpty();
    }

    @Override
    public String toString() {
      return user + "@" + host + ":" + port;
    }
  }

  /**
   * How much is read at a time.
   *
   * @param mailBytesMax how much of a mail is read and kept
   * @param mailsMax mails one command of IMAP brings, and one moves
   * @param bytesMax bytes one command brings; a larger mail comes by itself, in pieces
   */
  public record Fetch(int mailBytesMax, int mailsMax, int bytesMax) {}

  /** Whose bounces change addresses. */
  public enum Trust {
    /** Those proved to be about a mail of ours. */
    SIGNED,
    /** All that name an address: only while mails sent by another system still come back. */
    UNSIGNED
  }

  /**
   * How long bounces are kept.
   *
   * @param rawMails their bytes
   * @param decisions what was decided about them
   */
  public record Retention(Duration rawMails, Duration decisions) {}

  public static final Setting<String> IMAP_HOST =
      Setting.text("bounces.imap.host", "", "IMAP server of the bounce mailbox. Empty: none.");
  public static final Setting<Integer> IMAP_PORT =
      Setting.port("bounces.imap.port", 993, "Its port.");
  public static final Setting<String> IMAP_USER =
      Setting.text("bounces.imap.user", "", "User of the bounce mailbox.");
  public static final Setting<String> IMAP_PASSWORD =
      Setting.secret("bounces.imap.password", "", "Password of that user.");
  public static final Setting<Boolean> IMAP_TLS =
      Setting.flag("bounces.imap.tls", true, "TLS from the first byte, certificate verified.");
  public static final Setting<String> POP3_HOST =
      Setting.text(
          "bounces.pop3.host",
          "",
          "POP3 server of a bounce or feedback mailbox. Empty: none. Mails are deleted there once"
              + " they are stored here.");
  public static final Setting<Integer> POP3_PORT =
      Setting.port("bounces.pop3.port", 995, "Its port.");
  public static final Setting<String> POP3_USER =
      Setting.text("bounces.pop3.user", "", "User of that mailbox.");
  public static final Setting<String> POP3_PASSWORD =
      Setting.secret("bounces.pop3.password", "", "Password of that user.");
  public static final Setting<Boolean> POP3_TLS =
      Setting.flag("bounces.pop3.tls", true, "TLS from the first byte, certificate verified.");
  public static final Setting<Integer> RAW_BYTES_MAX =
      Setting.number(
          "bounces.raw-bytes-max",
          10_000_000,
          10_000,
          200_000_000,
          "bytes",
          "How much of a mail found in a mailbox is read and kept; the rest is cut off.");
  public static final Setting<Duration> RAW_RETENTION =
      Setting.duration(
          "bounces.raw-retention",
          "180d",
          "How long the bytes of a mail found in a mailbox are kept, so that each decision can be"
              + " explained, replayed and undone.");
  public static final Setting<Duration> RETENTION =
      Setting.duration(
          "bounces.retention",
          "730d",
          "How long what was decided about such a mail is kept. The history of addresses stays.");
  public static final Setting<Trust> TRUST =
      Setting.choice(
          "bounces.trust",
          Trust.SIGNED,
          "signed: only a bounce proved to be about a mail of ours, by signed return path or by"
              + " Message-ID with recipient, changes an address. unsigned: any bounce does, so that"
              + " anybody can bar any address by a forged one; only while mails sent by another"
              + " system still come back.");
  public static final Setting<String> POLL_CRON =
      Setting.text(
          "bounces.poll-cron",
          "0/2 * * * * ?",
          "When the mailboxes are looked at, as a Quartz cron expression.");
  public static final Setting<Integer> MAILS_PER_POLL =
      Setting.number(
          "bounces.mails-per-poll", 2_000, 1, 100_000, "mails", "The most mails taken per look.");
  public static final Setting<Integer> MAILS_PER_FETCH =
      Setting.number(
          "bounces.mails-per-fetch",
          500,
          1,
          5_000,
          "mails",
          "How many mails are fetched from an IMAP mailbox by one command, and moved by one.");
  public static final Setting<Integer> FETCH_BYTES_MAX =
      Setting.number(
          "bounces.fetch-bytes-max",
          8_000_000,
          100_000,
          200_000_000,
          "bytes",
          "The most bytes of mails one command fetches; a mail larger than that comes by itself.");
  public static final Setting<Integer> LANES =
      Setting.number(
          "bounces.lanes",
          2,
          1,
          32,
          "mails",
          "How many mails of the IMAP mailbox are read and stored at the same time; each takes a"
              + " connection to the database.");
  public static final Setting<Integer> BACKOFF_POLLS =
      Setting.number(
          "bounces.backoff-polls",
          5,
          1,
          1_000,
          "looks",
          "How many looks are left out after one that failed.");
  public static final List<Setting<?>> SETTINGS =
      List.of(
          IMAP_HOST,
          IMAP_PORT,
          IMAP_USER,
          IMAP_PASSWORD,
          IMAP_TLS,
          POP3_HOST,
          POP3_PORT,
          POP3_USER,
          POP3_PASSWORD,
          POP3_TLS,
          RAW_BYTES_MAX,
          RAW_RETENTION,
          RETENTION,
          TRUST,
          POLL_CRON,
          MAILS_PER_POLL,
          MAILS_PER_FETCH,
          FETCH_BYTES_MAX,
          LANES,
          BACKOFF_POLLS);

  /** Checks the combination of values. */
  public BouncesConfig {
    if (imap.enabled() && imap.user().isEmpty()) {
      throw new ConfigException(IMAP_USER.key(), "", "must be set with " + IMAP_HOST.key());
    }
    if (pop3.enabled() && pop3.user().isEmpty()) {
      throw new ConfigException(POP3_USER.key(), "", "must be set with " + POP3_HOST.key());
    }
    if (retention.decisions().compareTo(retention.rawMails()) < 0) {
      throw new ConfigException(
          RETENTION.key(), retention.decisions(), "must not be less than " + RAW_RETENTION.key());
    }
  }

  public static BouncesConfig from(Settings settings) {
    return new BouncesConfig(
        new Mailbox(
            settings.get(IMAP_HOST),
            settings.get(IMAP_PORT),
            settings.get(IMAP_USER),
            settings.get(IMAP_PASSWORD),
            settings.get(IMAP_TLS)),
        new Mailbox(
            settings.get(POP3_HOST),
            settings.get(POP3_PORT),
            settings.get(POP3_USER),
            settings.get(POP3_PASSWORD),
            settings.get(POP3_TLS)),
        new Fetch(
            settings.get(RAW_BYTES_MAX),
            settings.get(MAILS_PER_FETCH),
            settings.get(FETCH_BYTES_MAX)),
        new Retention(settings.get(RAW_RETENTION), settings.get(RETENTION)),
        settings.get(TRUST));
  }
}
