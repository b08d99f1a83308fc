package dev.retour.delivery;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The mail about failures: plain text in base64, so that nothing a stranger wrote can reach its
 * structure; control characters are shown as blanks.
 */
final class DigestMail {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
  private static final Base64.Encoder BASE64 =
      Base64.getMimeEncoder(76, "\r\n".getBytes(StandardCharsets.US_ASCII));
  private static final int LISTED_MAX = 100;
  private static final int TEXT_CHARS_MAX = 300;

  private final List<QueueEntry> failed;
  private final List<QueueEntry> late;

  DigestMail(List<QueueEntry> failed, List<QueueEntry> late) {
    this.failed = failed;
    this.late = late;
  }

  /** The fields that do not depend on what failed; addresses are plain ASCII. */
  record Frame(String from, String to, String messageId, Instant date, String link) {}

  String subject() {
    StringBuilder subject = new StringBuilder("Retour: ");
    if (!failed.isEmpty()) {
      subject.append(count(failed.size())).append(failed.size() == 1 ? " needs" : " need");
      subject.append(" a person");
    }
    if (!late.isEmpty()) {
      subject.append(failed.isEmpty() ? "" : ", ").append(count(late.size())).append(" late");
    }
    return subject.toString();
  }

  byte[] raw(Frame frame) {
    String header =
        "From: "
            + frame.from()
            + "\r\nTo: "
            + frame.to()
            + "\r\nSubject: "
            + subject()
            + "\r\nDate: "
            + DATE.format(frame.date())
            + "\r\nMessage-ID: "
            + frame.messageId()
            + "\r\nAuto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n"
            + "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
            + "Content-Transfer-Encoding: base64\r\n\r\n";
    return (header
            + BASE64.encodeToString(text(frame.link()).getBytes(StandardCharsets.UTF_8))
            + "\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** The text as a reader sees it. */
  String text(String link) {
    StringBuilder text = new StringBuilder();
    if (!late.isEmpty()) {
      text.append("Not accepted by the time somebody wanted to know:\n\n");
      list(text, late, link);
    }
    if (!failed.isEmpty()) {
      text.append("Failed; each waits until its error is cleared or it is acknowledged:\n\n");
      list(text, failed, link);
    }
    return text.append("Each is told once. All of them: ./retour queue list --state")
        .append(" error,uncertain,expired\nRepair the cause, then: ./retour queue clear-error ID")
        .append(" --yes\n")
        .toString();
  }

  private static void list(StringBuilder text, List<QueueEntry> entries, String link) {
    for (QueueEntry entry : entries.subList(0, Math.min(LISTED_MAX, entries.size()))) {
      text.append("  ").append(entry.id()).append("  ").append(entry.state()).append("  ");
      text.append(shown(entry.recipient())).append("  ").append(shown(entry.message()));
      if (entry.document() != null) {
        text.append("  document ").append(shown(entry.document()));
      }
      text.append("  created ").append(entry.createdAt()).append('\n');
      if (entry.failure() != null) {
        text.append("      ").append(shown(entry.failure().text())).append('\n');
      }
      if (!link.isEmpty()) {
        text.append("      ").append(link).append(QueueJson.href(entry.id())).append('\n');
      }
    }
    if (entries.size() > LISTED_MAX) {
      text.append("  … and ").append(entries.size() - LISTED_MAX).append(" more\n");
    }
    text.append('\n');
  }

  private static String shown(@Nullable String text) {
    String plain =
        text == null
            ? ""
            : text.replaceAll("[\\p{Cntrl}\\p{Cf}\\x{2028}\\x{2029}]", " ")
                .replaceAll(" {2,}", " ");
    return plain.length() <= TEXT_CHARS_MAX ? plain : plain.substring(0, TEXT_CHARS_MAX) + "…";
  }

  private static String count(int number) {
    return number == 1 ? "1 mail" : number + " mails";
  }
}
