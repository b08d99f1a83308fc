package dev.retour.mail;

import java.util.Arrays;
import java.util.List;

/**
 * Understands any mail that lands in the bounce mailbox: what it is, and about whom. Thread-safe.
 *
 * <p>Structure counts first (RFC 3464 and RFC 5965 parts, machine headers), then the known forms of
 * text, then the returned mail. Nothing here judges how bad a failure is.
 */
public final class ReportReader {
  private final MailConfig limits;

  public ReportReader(MailConfig limits) {
    this.limits = limits;
  }

  /**
   * Reads one mail.
   *
   * @param raw the mail as received; a first line {@code From …} of a mailbox file is skipped, and
   *     any kind of line end will do
   * @return never fails: what cannot be read is {@link MailKind#OTHER} with a fault; what exceeds a
   *     limit is left out and the fault says so
   */
  public MailReport read(byte[] raw) {
    try {
      Unread unread = new Unread();
      Entity root = MimeWalk.read(prepare(raw, unread), limits, unread);
      return new Reading(root, limits, unread).report();
    } catch (RuntimeException e) {
      // Whatever a stranger makes of MIME, the mailbox must go on being read.
      String fault =
          "This mail defeated the reader (" + e + "); it is kept unread and changes nothing.";
      return unreadable(fault);
    }
  }

  private static MailReport unreadable(String fault) {
    return new MailReport(
        MailKind.OTHER,
        "",
        null,
        null,
        List.of(),
        MailReport.Original.UNKNOWN,
        List.of(),
        List.of(),
        null,
        "",
        List.of(),
        fault);
  }

  private byte[] prepare(byte[] raw, Unread unread) {
    int start = skipMailboxLine(raw);
    int end = Math.min(raw.length, start + limits.bytesMax());
    if (end < raw.length) {
      unread.tell("Only the first " + limits.bytesMax() + " bytes of the mail were read.");
    }
    byte[] mail = start == 0 && end == raw.length ? raw : Arrays.copyOfRange(raw, start, end);
    int head = Math.min(mail.length, limits.headerBytesMax());
    boolean linefeed = false;
    boolean carriage = false;
    for (int i = 0; i < head && !linefeed; i++) {
      linefeed = mail[i] == '\n';
      carriage |= mail[i] == '\r';
    }
    return linefeed || !carriage ? mail : withLinefeeds(mail);
  }

  private static int skipMailboxLine(byte[] raw) {
    int start = 0;
    while (start < raw.length && raw[start] <= ' ' && raw[start] >= 0) {
      start++; // empty lines before the header
    }
    if (startsWith(raw, start, "From ") || startsWith(raw, start, ">From ")) {
      while (start < raw.length && raw[start] != '\n' && raw[start] != '\r') {
        start++;
      }
      while (start < raw.length && (raw[start] == '\n' || raw[start] == '\r')) {
        start++;
      }
    }
    return start;
  }

  private static boolean startsWith(byte[] raw, int from, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (from + i >= raw.length || raw[from + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static byte[] withLinefeeds(byte[] mail) {
    byte[] converted = mail.clone();
    for (int i = 0; i < converted.length; i++) {
      if (converted[i] == '\r') {
        converted[i] = '\n';
      }
    }
    return converted;
  }
}
