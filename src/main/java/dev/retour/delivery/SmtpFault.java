package dev.retour.delivery;

import dev.retour.qualification.Phase;
import jakarta.mail.MessagingException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * What an exception of the SMTP session says: an answer of the server, or none.
 *
 * @param phase where in the session it happened
 * @param replyCode the server's code (RFC 5321 section 4.2), or 0 when there was no answer
 * @param text the server's words, or the fault's, on one line, bounded
 */
public record SmtpFault(Phase phase, int replyCode, String text) {
  private static final int TEXT_CHARS_MAX = 1_000;
  private static final int CAUSES_MAX = 20;

  /** RFC 4954 section 6: required, failed, temporary failure, too weak. */
  private static final Set<Integer> LOGIN_CODES = Set.of(530, 535, 454, 534, 432, 538);

  /** True when the server answered at all. */
  public boolean answered() {
    return replyCode >= 400;
  }

  /** True when the answer is about the recipient or the message, not about us or the relay. */
  public boolean aboutRecipient() {
    return answered() && (phase == Phase.RCPT || phase == Phase.DATA || phase == Phase.BODY);
  }

  /** True when the relay wants a login, or another one: a fault of the mailbox, not of a mail. */
  boolean refusesLogin() {
    return phase == Phase.AUTH
        || (phase != Phase.RCPT && phase != Phase.BODY && LOGIN_CODES.contains(replyCode));
  }

  /** True when the connection ended between the relay's word to begin and the final dot. */
  boolean cutsBody() {
    return !answered() && phase == Phase.DATA;
  }

  boolean permanent() {
    return replyCode >= 500;
  }

  /** Finds the most telling exception in the chain of causes. */
  static SmtpFault of(Throwable thrown) {
    for (Throwable cause : chain(thrown)) {
      if (cause instanceof SmtpException smtp) {
        return new SmtpFault(smtp.phase(), smtp.replyCode(), oneLine(smtp));
      }
    }
    return new SmtpFault(Phase.CONNECT, 0, oneLine(thrown));
  }

  /** Causes and, for Jakarta Mail, the exceptions chained beside them. */
  private static Iterable<Throwable> chain(Throwable thrown) {
    Set<Throwable> seen = new HashSet<>();
    Deque<Throwable> found = new ArrayDeque<>();
    Deque<Throwable> open = new ArrayDeque<>();
    open.add(thrown);
    while (!open.isEmpty() && found.size() < CAUSES_MAX) {
      Throwable next = open.removeFirst();
      if (!seen.add(next)) {
        continue;
      }
      found.add(next);
      if (next instanceof MessagingException mail && mail.getNextException() != null) {
        open.add(mail.getNextException());
      }
      if (next.getCause() != null) {
        open.add(next.getCause());
      }
    }
    return found;
  }

  private static String oneLine(Throwable cause) {
    String text = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    String line = text.replaceAll("[\\r\\n\\t\\x00-\\x1f\\x7f]+", " ").strip();
    return line.length() > TEXT_CHARS_MAX ? line.substring(0, TEXT_CHARS_MAX) : line;
  }
}
