package dev.retour.messages;

import dev.retour.config.Setting;
import dev.retour.config.Settings;
import dev.retour.mail.UnsubscribeConfig;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/**
 * Settings of the room.
 *
 * @param messages folder of the messages
 * @param publish what puts a changed folder in force
 * @param bodyBytesMax longest body of a request, in bytes
 * @param depthMax how deep JSON may be nested
 * @param outputCharsMax longest rendered part, in characters
 * @param htmlBytesMax longest HTML part of a test profile, in bytes
 * @param renderTimeMax time after which rendering one part is given up
 * @param renderBytesMax memory after which rendering one part is given up, in bytes
 * @param stepsMax the most a template does for one part; see {@link StepLimit}
 * @param timeZone zone in which points in time are shown in mails
 * @param feedbackSender last part of the Feedback-ID
 * @param unsubscribe where recipients unsubscribe
 */
public record MessagesConfig(
    Path messages,
    Publish publish,
    int bodyBytesMax,
    int depthMax,
    int outputCharsMax,
    int htmlBytesMax,
    Duration renderTimeMax,
    int renderBytesMax,
    int stepsMax,
    ZoneId timeZone,
    String feedbackSender,
    UnsubscribeConfig unsubscribe) {

  /** What puts a changed folder in force. */
  public enum Publish {
    /** In the sandbox saving it does, with a relay a command. */
    AUTO,
    /** Saving it. */
    SAVED,
    /** A command. */
    COMMAND;

    /** Whether what is saved counts. */
    public boolean isSaved(boolean sandbox) {
      return this == SAVED || (this == AUTO && sandbox);
    }
  }

  static final Setting<Path> MESSAGES =
      Setting.path("messages.folder", "messages", "Folder of the event types and their messages.");
  static final Setting<Publish> PUBLISH =
      Setting.choice(
          "messages.publish",
          Publish.AUTO,
          "What puts a changed folder of a message in force: saved (saving it), command (./retour"
              + " messages publish), or auto: saved in the sandbox, command with a relay.");
  static final Setting<Integer> BODY_BYTES_MAX =
      Setting.number(
          "messages.body-bytes-max",
          16_000_000,
          1_000,
          80_000_000,
          "bytes",
          "The longest body of an event that is read.");
  static final Setting<Integer> DEPTH_MAX =
      Setting.number(
          "messages.depth-max", 20, 5, 200, "levels", "How deep the JSON of an event may nest.");
  static final Setting<Integer> OUTPUT_CHARS_MAX =
      Setting.number(
          "messages.output-chars-max",
          500_000,
          1_000,
          10_000_000,
          "characters",
          "The longest text or HTML part a template may write.");
  static final Setting<Integer> HTML_BYTES_MAX =
      Setting.number(
          "messages.html-bytes-max",
          102_000,
          10_000,
          10_000_000,
          "bytes",
          "The longest HTML part with which a message can be published; Gmail cuts longer ones.");
  static final Setting<Duration> RENDER_TIME_MAX =
      Setting.duration(
          "messages.render-time-max", "2s", "Time after which rendering a part is given up.");
  static final Setting<Integer> RENDER_BYTES_MAX =
      Setting.number(
          "messages.render-bytes-max",
          32_000_000,
          1_000_000,
          1_000_000_000,
          "bytes",
          "Memory after which rendering a part is given up, counting what was taken and let go.");
  static final Setting<Integer> STEPS_MAX =
      Setting.number(
          "messages.steps-max",
          1_000_000,
          1_000,
          1_000_000_000,
          "steps",
          "The most a template may do for one part: what its loops repeat counts in every round.");
  static final Setting<ZoneId> TIME_ZONE =
      new Setting<>(
          "messages.time-zone",
          "UTC",
          "time zone",
          "Zone in which points in time are shown in mails, such as Europe/Berlin.",
          false,
          MessagesConfig::zone);
  static final Setting<String> FEEDBACK_SENDER =
      new Setting<>(
          "messages.feedback-sender",
          "retour",
          "text",
          "Last part of the Feedback-ID, by which mailbox providers group complaints.",
          false,
          MessagesConfig::sender);

  /** All settings of the room, for the documentation. */
  public static final List<Setting<?>> SETTINGS =
      List.of(
          MESSAGES,
          PUBLISH,
          BODY_BYTES_MAX,
          DEPTH_MAX,
          OUTPUT_CHARS_MAX,
          HTML_BYTES_MAX,
          RENDER_TIME_MAX,
          RENDER_BYTES_MAX,
          STEPS_MAX,
          TIME_ZONE,
          FEEDBACK_SENDER);

  /** Reads and checks the settings. */
  public static MessagesConfig from(Settings settings) {
    return new MessagesConfig(
        settings.get(MESSAGES),
        settings.get(PUBLISH),
        settings.get(BODY_BYTES_MAX),
        settings.get(DEPTH_MAX),
        settings.get(OUTPUT_CHARS_MAX),
        settings.get(HTML_BYTES_MAX),
        settings.get(RENDER_TIME_MAX),
        settings.get(RENDER_BYTES_MAX),
        settings.get(STEPS_MAX),
        settings.get(TIME_ZONE),
        settings.get(FEEDBACK_SENDER),
        UnsubscribeConfig.from(settings));
  }

  /** The defaults, with another folder. */
  static MessagesConfig of(Path messages) {
    return from(Settings.of(Map.of(MESSAGES.key(), messages.toString())));
  }

  private static ZoneId zone(String text) {
    try {
      return ZoneId.of(text.strip());
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("must be a time zone such as UTC or Europe/Berlin", e);
    }
  }

  private static String sender(String text) {
    String sender = text.strip();
    if (sender.length() < 5
        || sender.length() > 15
        || !sender.chars().allMatch(c -> c < 128 && Character.isLetterOrDigit(c))) {
      throw new IllegalArgumentException("must be 5 to 15 letters and digits");
    }
    return sender;
  }
}
