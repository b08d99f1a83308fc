package dev.retour.bounces;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.retour.qualification.Phase;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which command of the SMTP session (RFC 5321 section 4.1.1) a report says was refused. The same
 * words weigh differently: who is unknown at RCPT is unknown to the server, what is said after DATA
 * was often said by a filter that had read the mail.
 */
final class FailedStep {
  private static final int SAID_CHARS_MIN = 12;
  private static final int SAID_CHARS = 60;
  private static final int BEHIND_CHARS = 60;

  private static final Pattern RCPT =
      Pattern.compile(
          "(?i)(in )?reply to rcpt|after rcpt to|rcpt[_ ]to\\]|(our|your) rcpt to|to rcpt to|"
              + "command:? ?rcpt|rcpt to:? ?<?[^ ]+@|does not like recipient|"
              + "rcpt to command|smtp command rcpt");
  private static final Pattern DATA =
      Pattern.compile(
          "(?i)reply to (end of )?data|after (end of )?data|command:? ?data|data command|"
              + "end of message|after i sent the message|our data\\b|message body");
  private static final Pattern SENT = Pattern.compile("(?i)>>> ?(rcpt|data|mail|ehlo|helo)\\b");

  private FailedStep() {}

  /**
   * The step, or {@link Phase#REPORT} when the report does not tell.
   *
   * @param said what was said about the recipient
   * @param notice the words of the whole report, with its transcript if it has one
   */
  static Phase of(String said, String notice) {
    Phase named = named(said);
    if (named != null) {
      return named;
    }
    String words = said.strip().replaceAll("\\s+", " ");
    String whole = notice.replaceAll("\\s+", " ");
    String head = words.substring(0, Math.min(SAID_CHARS, words.length()));
    int at = head.length() < SAID_CHARS_MIN ? -1 : whole.lastIndexOf(head);
    if (at >= 0) {
      // The transcript goes on where the status field ends: "(in reply to RCPT TO command)".
      int end = Math.min(whole.length(), at + words.length() + BEHIND_CHARS);
      named = named(whole.substring(at, end));
    }
    if (named == null) {
      named = sent(at < 0 ? whole : whole.substring(0, at), at >= 0);
    }
    return named == null ? Phase.REPORT : named;
  }

  private static @Nullable Phase named(String said) {
    boolean rcpt = RCPT.matcher(said).find();
    boolean data = DATA.matcher(said).find();
    return rcpt == data ? null : rcpt ? Phase.RCPT : Phase.BODY;
  }

  /**
   * The last command before the answer, as Sendmail and its kin copy the session.
   *
   * @param sure whether the answer follows right behind
   */
  private static @Nullable Phase sent(String transcript, boolean sure) {
    Matcher sent = SENT.matcher(transcript);
    String command = null;
    while (sent.find()) {
      String next = sent.group(1).toLowerCase(Locale.ROOT);
      if (!sure && command != null && !command.equals(next)) {
        return null; // two steps, and no telling which of them was answered so
      }
      command = next;
    }
    if (command == null) {
      return null;
    }
    return switch (command) {
      case "rcpt" -> Phase.RCPT;
      case "data" -> Phase.BODY;
      case "mail" -> Phase.MAIL;
      default -> Phase.EHLO;
    };
  }
}
