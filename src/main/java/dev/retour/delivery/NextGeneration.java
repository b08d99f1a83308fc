package dev.retour.delivery;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A mail once more, on purpose: the same bytes under a Message-ID of its own, because a mailbox
 * that has the first one drops a second with the same Message-ID. A DKIM signature (RFC 6376)
 * covers the old field: it is replaced by {@link dev.retour.mail.MailSigner#signAgain}.
 */
record NextGeneration(MailContentStore.Content content) {

  static NextGeneration of(MailContentStore.Content former, long packageId, int generation) {
    String messageId = former.messageId();
    int at = messageId.lastIndexOf('@');
    String left =
        at < 0 ? "<" + packageId : messageId.substring(0, at).replaceAll("\\.g[0-9]+-[0-9]+$", "");
    String right = at < 0 ? "@again.invalid>" : messageId.substring(at);
    String fresh = left + ".g" + generation + "-" + packageId + right;
    return new NextGeneration(
        new MailContentStore.Content(fresh, withMessageId(former.raw(), fresh)));
  }

  private static byte[] withMessageId(byte[] raw, String messageId) {
    String mail = new String(raw, StandardCharsets.ISO_8859_1);
    int end = mail.indexOf("\r\n\r\n");
    String header = end < 0 ? mail : mail.substring(0, end + 2);
    ByteArrayOutputStream out = new ByteArrayOutputStream(raw.length + 100);
    boolean drop = false;
    for (String line : header.split("(?<=\r\n)", -1)) {
      boolean folded = line.startsWith(" ") || line.startsWith("\t");
      String lower = line.toLowerCase(Locale.ROOT);
      if (!folded) {
        drop = lower.startsWith("message-id:");
      }
      if (!folded && lower.startsWith("message-id:")) {
        write(out, "Message-ID: " + messageId + "\r\n");
      } else if (!drop) {
        write(out, line);
      }
    }
    write(out, end < 0 ? "" : mail.substring(end + 2));
    return out.toByteArray();
  }

  private static void write(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
