package dev.retour.bounces;

import dev.retour.qualification.Phase;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
  private static final String SENT = ">>> ";

  private static final List<String> RCPT =
      List.of(
          "reply to rcpt",
          "after rcpt to",
          "rcpt_to]",
          "our rcpt to",
          "command: rcpt",
          "command rcpt",
          "rcpt to command",
          "rcpt to:<",
          "does not like recipient");
  private static final List<String> DATA =
      List.of(
          "reply to data",
          "reply to end of data",
          "after data",
          "after end of data",
          "command: data",
          "command data",
          "data command",
          "after i sent the message",
          "end of message",
          "our data",
          "message body");
  private static final Map<String, Phase> COMMANDS =
      Map.of(
          "rcpt", Phase.RCPT,
          "data", Phase.BODY,
          "mail", Phase.MAIL,
          "ehlo", Phase.EHLO,
          "helo", Phase.EHLO);

  private FailedStep() {}

  /**
   * The step, or {@link Phase#REPORT} when the report does not tell.
   *
   * @param said what was said about the recipient
   * @param whole the words of the whole report, with its transcript if it has one, {@link #folded}
   *     once for all recipients
   */
  static Phase of(String said, String whole) {
    String words = folded(said);
    Phase named = named(words);
    if (named != null) {
      return named;
    }
    String head = words.substring(0, Math.min(SAID_CHARS, words.length()));
    int at = head.length() < SAID_CHARS_MIN ? -1 : whole.lastIndexOf(head);
    if (at >= 0) {
      // The words go on where the status field ends: "(in reply to RCPT TO command)".
      int end = Math.min(whole.length(), at + words.length() + BEHIND_CHARS);
      named = named(whole.substring(at, end));
    }
    if (named == null) {
      named = sent(whole, at);
    }
    return named == null ? Phase.REPORT : named;
  }

  private static @Nullable Phase named(String words) {
    boolean rcpt = RCPT.stream().anyMatch(words::contains);
    boolean data = DATA.stream().anyMatch(words::contains);
    return rcpt == data ? null : rcpt ? Phase.RCPT : Phase.BODY;
  }

  /**
   * The last command before the answer, as Sendmail and its kin copy the session.
   *
   * @param answer where the answer stands; when that is not known (negative), all commands must be
   *     one and the same, or there is no telling which was answered so
   */
  private static @Nullable Phase sent(String transcript, int answer) {
    int end = answer < 0 ? transcript.length() : answer;
    Phase last = null;
    for (int at = transcript.indexOf(SENT); at >= 0 && at < end; ) {
      int word = at + SENT.length();
      Phase next =
          COMMANDS.get(transcript.substring(word, Math.min(word + 4, transcript.length())));
      if (answer < 0 && last != null && next != null && next != last) {
        return null;
      }
      last = next == null ? last : next;
      at = transcript.indexOf(SENT, word);
    }
    return last;
  }

  /** Lower case, and one blank for any white space: reports break their lines anywhere. */
  static String folded(String text) {
    char[] folded = new char[text.length()];
    int size = 0;
    boolean blank = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean white = Character.isWhitespace(c);
      if (!white) {
        folded[size++] = c;
      } else if (!blank) {
        folded[size++] = ' ';
      }
      blank = white;
    }
    return new String(folded, 0, size).toLowerCase(Locale.ROOT);
  }
}
