package dev.retour.bounces;

import dev.retour.qualification.Phase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which command of the SMTP session (RFC 5321 section 4.1.1) a report says was refused. The same
 * words weigh differently: who is unknown at RCPT is unknown to the server, what is said after DATA
 * was often said by a filter that had read the mail.
 *
 * <p>Made once for a report and asked for each of its recipients, so what a report of 500 costs is
 * bounded: the report is folded once, a session is looked at only so far, and the same words are
 * judged once.
 */
final class FailedStep {
  /** Of the report; a session stands near its beginning. */
  private static final int SESSION_CHARS_MAX = 16_000;

  /** Of different answers; a session shows fewer. */
  private static final int SEARCHES_MAX = 40;

  private static final int COMMANDS_MAX = 200;
  private static final int SAID_CHARS_MIN = 12;
  private static final int SAID_CHARS = 60;
  private static final int BEHIND_CHARS = 60;
  private static final String SENT = StepWords.SENT;

  static final List<String> RCPT =
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
  static final List<String> DATA =
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
          "to our data",
          "after our data",
          "message body");
  private static final Map<String, Phase> COMMANDS =
      Map.of(
          "rcpt", Phase.RCPT,
          "data", Phase.BODY,
          "mail", Phase.MAIL,
          "ehlo", Phase.EHLO,
          "helo", Phase.EHLO);

  private final String report;
  private final Map<String, Phase> steps = new HashMap<>();
  private int searches;
  private @Nullable String whole;
  private @Nullable Boolean hint;
  private char[] letters = {};
  private @Nullable List<Sent> session;

  /** A command of the session, and where in the report it stands. */
  private record Sent(int at, Phase step) {}

  /**
   * Of a report.
   *
   * @param report its words, with its transcript if it has one
   */
  FailedStep(String report) {
    this.report = report;
  }

  /**
   * The step, or {@link Phase#REPORT} when the report does not tell.
   *
   * @param said what was said about the recipient
   */
  Phase of(String said) {
    Phase known = steps.get(said);
    if (known == null) {
      known = read(folded(said));
      steps.put(said, known);
    }
    return known;
  }

  private Phase read(String words) {
    Phase named = named(words);
    if (named != null) {
      return named;
    }
    if (!mayTell()) {
      return Phase.REPORT;
    }
    if (whole == null) {
      whole = folded(head(report));
      letters = whole.toCharArray();
    }
    String head = words.substring(0, Math.min(SAID_CHARS, words.length()));
    boolean sought = head.length() >= SAID_CHARS_MIN && ++searches <= SEARCHES_MAX;
    int at = sought ? lastIndexOf(letters, head.toCharArray()) : -1;
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

  private static String head(String report) {
    return report.substring(0, Math.min(report.length(), SESSION_CHARS_MAX));
  }

  private static @Nullable Phase named(String words) {
    if (!StepWords.isAnyIn(words)) {
      return null;
    }
    boolean rcpt = hasAny(RCPT, words);
    boolean data = hasAny(DATA, words);
    return rcpt == data ? null : rcpt ? Phase.RCPT : Phase.BODY;
  }

  private static boolean hasAny(List<String> phrases, String words) {
    for (String phrase : phrases) {
      if (words.contains(phrase)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether the report has a word of those that name a step, or a copied session. Most have not,
   * and are spared the folding.
   */
  private boolean mayTell() {
    if (hint == null) {
      hint = StepWords.isAnyIn(head(report));
    }
    return hint;
  }

  /**
   * The last command before the answer, as Sendmail and its kin copy the session.
   *
   * @param answer where the answer stands; when that is not known (negative), all commands must be
   *     one and the same, or there is no telling which was answered so
   */
  private @Nullable Phase sent(String transcript, int answer) {
    if (session == null) {
      session = session(transcript);
    }
    Phase last = null;
    for (Sent sent : session) {
      if (answer >= 0 && sent.at() >= answer) {
        break;
      }
      if (answer < 0 && last != null && sent.step() != last) {
        return null;
      }
      last = sent.step();
    }
    return last;
  }

  private static List<Sent> session(String transcript) {
    List<Sent> session = new ArrayList<>();
    int at = transcript.indexOf(SENT);
    while (at >= 0 && session.size() < COMMANDS_MAX) {
      int word = at + SENT.length();
      Phase step =
          COMMANDS.get(transcript.substring(word, Math.min(word + 4, transcript.length())));
      if (step != null) {
        session.add(new Sent(at, step));
      }
      at = transcript.indexOf(SENT, word);
    }
    return session;
  }

  /**
   * As {@link String#lastIndexOf}, in linear time whatever the texts are (Knuth, Morris and Pratt):
   * both are a stranger's, and there may be as many of them as a report has recipients.
   */
  private static int lastIndexOf(char[] text, char[] part) {
    int[] borders = new int[part.length];
    for (int i = 1, border = 0; i < borders.length; i++) {
      while (border > 0 && part[i] != part[border]) {
        border = borders[border - 1];
      }
      border += part[i] == part[border] ? 1 : 0;
      borders[i] = border;
    }
    int last = -1;
    for (int i = 0, fits = 0; i < text.length; i++) {
      while (fits > 0 && text[i] != part[fits]) {
        fits = borders[fits - 1];
      }
      fits += text[i] == part[fits] ? 1 : 0;
      if (fits == part.length) {
        last = i - fits + 1;
        fits = borders[fits - 1];
      }
    }
    return last;
  }

  /** Lower case, and one blank for any white space: reports break their lines anywhere. */
  static String folded(String text) {
    char[] folded = text.toCharArray(); // written behind where it is read
    int size = 0;
    boolean blank = true;
    for (char c : folded) {
      boolean white = isWhite(c);
      if (!white) {
        boolean capital = c >= 'A' && c <= 'Z';
        folded[size++] = capital ? (char) (c + 32) : c < 128 ? c : Character.toLowerCase(c);
      } else if (!blank) {
        folded[size++] = ' ';
      }
      blank = white;
    }
    return new String(folded, 0, size);
  }

  static boolean isWhite(char c) {
    return c < 128 ? c <= ' ' : Character.isWhitespace(c);
  }
}
