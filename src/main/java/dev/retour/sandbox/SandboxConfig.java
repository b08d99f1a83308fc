package dev.retour.sandbox;

import dev.retour.config.ConfigException;
import dev.retour.config.Setting;
import dev.retour.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Settings of the sandbox mail world. All ports are opened on 127.0.0.1 only.
 *
 * @param dir where captured mails and mailboxes are kept across restarts
 * @param smtpPort the SMTP sink
 * @param imapPort the IMAP server of both mailboxes
 * @param pop3Port the POP3 server of both mailboxes
 * @param bounces the account that receives delivery reports and absence replies
 * @param feedback the account that receives complaints (RFC 5965)
 * @param sizeMaxBytes the largest mail the sink accepts
 * @param slowAnswerAfter how long {@code slow@} keeps a client waiting for the last answer
 * @param reportAfter time between accepting a mail and the report about it
 * @param capturedMax captured mails that are kept; older ones are deleted
 */
public record SandboxConfig(
    Path dir,
    int smtpPort,
    int imapPort,
    int pop3Port,
    Login bounces,
    Login feedback,
    int sizeMaxBytes,
    Duration slowAnswerAfter,
    Duration reportAfter,
    int capturedMax) {

  /** A mailbox account; {@code toString} hides the password. */
  public record Login(String user, String password) {
    @Override
    public String toString() {
      return user + ":***";
    }
  }

  public static final Setting<Path> DIR =
      Setting.path(
          "sandbox.dir",
          "data/sandbox",
          "Where the sandbox keeps captured mails and mailboxes; moves with store.data-dir.");
  public static final Setting<Integer> SMTP_PORT =
      Setting.port("sandbox.smtp-port", 2525, "Port of the sandbox's SMTP sink on 127.0.0.1.");
  public static final Setting<Integer> IMAP_PORT =
      Setting.port("sandbox.imap-port", 2143, "Port of the sandbox's IMAP server on 127.0.0.1.");
  public static final Setting<Integer> POP3_PORT =
      Setting.port("sandbox.pop3-port", 2110, "Port of the sandbox's POP3 server on 127.0.0.1.");
  public static final Setting<String> BOUNCES_USER =
      Setting.text("sandbox.bounces-user", "bounces", "User of the sandbox's bounce mailbox.");
  public static final Setting<String> BOUNCES_PASSWORD =
      Setting.secret(
          "sandbox.bounces-password", "sandbox", "Password of the sandbox's bounce mailbox.");
  public static final Setting<String> FEEDBACK_USER =
      Setting.text(
          "sandbox.feedback-user", "feedback", "User of the sandbox's mailbox for complaints.");
  public static final Setting<String> FEEDBACK_PASSWORD =
      Setting.secret(
          "sandbox.feedback-password",
          "sandbox",
          "Password of the sandbox's mailbox for complaints.");
  static final Setting<Integer> SIZE_MAX =
      Setting.number(
          "sandbox.size-max",
          26_214_400,
          1_000,
          1_000_000_000,
          "bytes",
          "The largest mail the sandbox accepts; a larger one is answered 552 5.3.4.");
  static final Setting<Duration> SLOW_ANSWER_AFTER =
      Setting.duration("sandbox.slow-answer-after", "2s", "How long slow@ keeps a client waiting.");
  static final Setting<Duration> REPORT_AFTER =
      Setting.duration(
          "sandbox.report-after",
          "1s",
          "Time between accepting a mail and the bounce, complaint or absence reply about it.");
  static final Setting<Integer> CAPTURED_MAX =
      Setting.number(
          "sandbox.captured-max",
          5_000,
          1,
          1_000_000,
          "mails",
          "Captured mails that are kept; the oldest are deleted.");

  /** All settings of the room, for the documentation. */
  public static final List<Setting<?>> SETTINGS =
      List.of(
          DIR,
          SMTP_PORT,
          IMAP_PORT,
          POP3_PORT,
          BOUNCES_USER,
          BOUNCES_PASSWORD,
          FEEDBACK_USER,
          FEEDBACK_PASSWORD,
          SIZE_MAX,
          SLOW_ANSWER_AFTER,
          REPORT_AFTER,
          CAPTURED_MAX);

  public SandboxConfig {
    checkUser(BOUNCES_USER, bounces.user());
    checkUser(FEEDBACK_USER, feedback.user());
    if (bounces.user().equals(feedback.user())) {
      throw new ConfigException(
          FEEDBACK_USER.key(), feedback.user(), "must differ from " + BOUNCES_USER.key());
    }
    if (smtpPort == imapPort || smtpPort == pop3Port || imapPort == pop3Port) {
      throw new ConfigException(
          IMAP_PORT.key(), imapPort, "must differ from the other ports of the sandbox");
    }
  }

  /** Reads and checks the settings. */
  public static SandboxConfig from(Settings settings) {
    return new SandboxConfig(
        settings.get(DIR),
        settings.get(SMTP_PORT),
        settings.get(IMAP_PORT),
        settings.get(POP3_PORT),
        new Login(settings.get(BOUNCES_USER), settings.get(BOUNCES_PASSWORD)),
        new Login(settings.get(FEEDBACK_USER), settings.get(FEEDBACK_PASSWORD)),
        settings.get(SIZE_MAX),
        settings.get(SLOW_ANSWER_AFTER),
        settings.get(REPORT_AFTER),
        settings.get(CAPTURED_MAX));
  }

  // The name becomes a folder and a part of IMAP folder names.
  private static void checkUser(Setting<String> setting, String user) {
    boolean plain =
        !user.isEmpty()
            && user.length() <= 64
            && user.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'));
    if (!plain || !user.equals(user.toLowerCase(Locale.ROOT))) {
      throw new ConfigException(
          setting.key(), user, "must be 1 to 64 lower-case letters a to z and digits");
    }
  }
}
