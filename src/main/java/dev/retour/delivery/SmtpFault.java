package dev.retour.delivery;

import dev.retour.qualification.Phase;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jspecify.annotations.Nullable;

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

  boolean permanent() {
    return replyCode >= 500;
  }

  /** Finds the most telling exception in the chain of causes. */
  static SmtpFault of(Throwable thrown) {
    @Nullable SmtpFault general = null;
    for (Throwable cause : chain(thrown)) {
      if (cause instanceof SMTPAddressFailedException address) {
        return answer(Phase.RCPT, address.getReturnCode(), address);
      }
      if (cause instanceof SMTPSenderFailedException sender) {
        return answer(Phase.MAIL, sender.getReturnCode(), sender);
      }
      if (cause instanceof SMTPSendFailedException send && general == null) {
        general = answer(phaseOf(send.getCommand()), send.getReturnCode(), send);
      } else if (cause instanceof AuthenticationFailedException auth && general == null) {
        general = new SmtpFault(Phase.AUTH, leadingCode(auth.getMessage()), oneLine(auth));
      }
    }
    return general != null ? general : new SmtpFault(Phase.CONNECT, 0, withRoot(thrown));
  }

  /** The library's words often hide what happened ("Could not connect"); the root tells it. */
  private static String withRoot(Throwable thrown) {
    String text = oneLine(thrown);
    String root = text;
    for (Throwable cause : chain(thrown)) {
      root = oneLine(cause);
    }
    return text.contains(root) ? text : bounded(text + ": " + root);
  }

  private static SmtpFault answer(Phase phase, int code, Throwable cause) {
    return new SmtpFault(phase, Math.max(code, 0), oneLine(cause));
  }

  private static Phase phaseOf(@Nullable String command) {
    String upper = command == null ? "" : command.strip().toUpperCase(Locale.ROOT);
    if (upper.equals(".")) {
      return Phase.BODY;
    }
    if (upper.startsWith("DATA")) {
      return Phase.DATA;
    }
    if (upper.startsWith("RCPT")) {
      return Phase.RCPT;
    }
    return upper.startsWith("MAIL") ? Phase.MAIL : Phase.CONNECT;
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

  private static int leadingCode(@Nullable String text) {
    if (text == null || text.length() < 3 || !text.substring(0, 3).matches("[45][0-9]{2}")) {
      return 0;
    }
    return Integer.parseInt(text.substring(0, 3));
  }

  private static String oneLine(Throwable cause) {
    String text = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return bounded(text.replaceAll("[\\r\\n\\t\\x00-\\x1f\\x7f]+", " ").strip());
  }

  private static String bounded(String line) {
    return line.length() > TEXT_CHARS_MAX ? line.substring(0, TEXT_CHARS_MAX) : line;
  }
}
