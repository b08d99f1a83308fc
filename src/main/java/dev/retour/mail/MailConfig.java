package dev.retour.mail;

import dev.retour.config.Setting;
import dev.retour.config.Settings;
import java.util.List;

/**
 * Limits on what is read of a mail that a stranger wrote. What exceeds one is left unread and said
 * in the report's fault; the mail is never refused as a whole.
 *
 * @param bytesMax bytes of the raw mail that are looked at
 * @param depthMax how deep multiparts and enclosed mails may be nested
 * @param partsMax MIME parts that are looked at
 * @param headersMax header fields kept of one part
 * @param headerBytesMax bytes kept of one header field
 * @param textBytesMax bytes kept of one text part
 * @param recipientsMax recipients kept of one report
 * @param noticeCharsMax characters of the notice in which words of failure, delay and absence count
 * @param diagnosticCharsMax characters kept of what a server said about one recipient
 */
public record MailConfig(
    int bytesMax,
    int depthMax,
    int partsMax,
    int headersMax,
    int headerBytesMax,
    int textBytesMax,
    int recipientsMax,
    int noticeCharsMax,
    int diagnosticCharsMax) {

  private static final Setting<Integer> BYTES_MAX =
      Setting.number(
          "mail.bytes-max",
          1_048_576,
          4_096,
          67_108_864,
          "bytes",
          "How much of an incoming mail is read.");
  private static final Setting<Integer> DEPTH_MAX =
      Setting.number(
          "mail.depth-max", 12, 2, 50, "levels", "How deep enclosed mails and parts are followed.");
  private static final Setting<Integer> PARTS_MAX =
      Setting.number("mail.parts-max", 100, 3, 10_000, "parts", "How many MIME parts are read.");
  private static final Setting<Integer> HEADERS_MAX =
      Setting.number(
          "mail.headers-max", 500, 20, 10_000, "fields", "How many header fields of a part count.");
  private static final Setting<Integer> HEADER_BYTES_MAX =
      Setting.number(
          "mail.header-bytes-max",
          8_192,
          512,
          1_048_576,
          "bytes",
          "How much of one header field is read.");
  private static final Setting<Integer> TEXT_BYTES_MAX =
      Setting.number(
          "mail.text-bytes-max",
          65_536,
          2_048,
          4_194_304,
          "bytes",
          "How much of one text part is read.");
  private static final Setting<Integer> RECIPIENTS_MAX =
      Setting.number(
          "mail.recipients-max",
          500,
          1,
          10_000,
          "recipients",
          "How many recipients of one report are taken over.");
  private static final Setting<Integer> NOTICE_CHARS_MAX =
      Setting.number(
          "mail.notice-chars-max",
          8_000,
          500,
          1_000_000,
          "characters",
          "How far into a mail words of failure, delay or absence tell what kind of mail it is.");
  private static final Setting<Integer> DIAGNOSTIC_CHARS_MAX =
      Setting.number(
          "mail.diagnostic-chars-max",
          2_000,
          200,
          100_000,
          "characters",
          "How much of what a server said about one recipient is kept for the rules; they look at"
              + " qualification.text-chars-max of it.");

  /** Reads one recipient more than is taken over, so that it can be told there were more. */
  MailConfig lookingOneFurther() {
    return new MailConfig(
        bytesMax,
        depthMax,
        partsMax,
        headersMax,
        headerBytesMax,
        textBytesMax,
        recipientsMax + 1,
        noticeCharsMax,
        diagnosticCharsMax);
  }

  /** Every setting of this room. */
  public static final List<Setting<?>> SETTINGS =
      List.of(
          BYTES_MAX,
          DEPTH_MAX,
          PARTS_MAX,
          HEADERS_MAX,
          HEADER_BYTES_MAX,
          TEXT_BYTES_MAX,
          RECIPIENTS_MAX,
          NOTICE_CHARS_MAX,
          DIAGNOSTIC_CHARS_MAX);

  /**
   * Reads the limits.
   *
   * @throws dev.retour.config.ConfigException when one is out of its range
   */
  public static MailConfig from(Settings settings) {
    return new MailConfig(
        settings.get(BYTES_MAX),
        settings.get(DEPTH_MAX),
        settings.get(PARTS_MAX),
        settings.get(HEADERS_MAX),
        settings.get(HEADER_BYTES_MAX),
        settings.get(TEXT_BYTES_MAX),
        settings.get(RECIPIENTS_MAX),
        settings.get(NOTICE_CHARS_MAX),
        settings.get(DIAGNOSTIC_CHARS_MAX));
  }
}
