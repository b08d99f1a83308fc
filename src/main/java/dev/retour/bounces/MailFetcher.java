package dev.retour.bounces;

import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.eclipse.angus.mail.pop3.POP3Folder;

/**
 * Fetches the bytes of a mail in a mailbox, and nothing but bytes: no header of it is looked at
 * here. Reading stops at the limit, so a huge mail costs no more than an allowed one.
 */
final class MailFetcher {
  private final String mailbox;
  private final int bytesMax;
  private final Deferrals deferrals;

  MailFetcher(String mailbox, int bytesMax, Deferrals deferrals) {
    this.mailbox = mailbox;
    this.bytesMax = bytesMax;
    this.deferrals = deferrals;
  }

  /** A name for a mail that no other mail of the mailbox bears, even one with its Message-ID. */
  String uid(Message message) {
    try {
      if (message.getFolder() instanceof POP3Folder pop3) {
        return String.valueOf(pop3.getUID(message));
      }
      return Integer.toString(message.getMessageNumber());
    } catch (MessagingException e) {
      throw new IllegalStateException("The mailbox " + mailbox + " gives no mail numbers.", e);
    }
  }

  boolean isDeferred(String uid) {
    return deferrals.isDeferred(uid);
  }

  void done(String uid) {
    deferrals.done(uid);
  }

  /**
   * The mail, bounded.
   *
   * @throws IOException when it cannot be fetched; it is then left out for a while
   */
  RawMail fetch(Message message, String uid) throws IOException {
    Folder folder = message.getFolder();
    if (folder != null && !folder.isOpen()) {
      // Another mail broke the connection: this one is not to blame and comes with the next poll.
      throw new IOException("The connection to " + mailbox + " is gone.");
    }
    Bounded bytes = new Bounded(bytesMax);
    try {
      message.writeTo(bytes);
    } catch (MessagingException | IOException | RuntimeException e) {
      if (!bytes.isFull()) {
        deferrals.failed(uid);
        throw new IOException("A mail in " + mailbox + " cannot be fetched; it stays there.", e);
      }
    }
    byte[] raw = bytes.toByteArray();
    return new RawMail(raw, Math.max(raw.length, bytes.isFull() ? size(message) : 0));
  }

  private static int size(Message message) {
    try {
      return message.getSize();
    } catch (MessagingException unknown) {
      return 0;
    }
  }

  /** Takes bytes up to the limit, then refuses: the only way to stop {@code writeTo}. */
  private static final class Bounded extends OutputStream {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final int max;
    private boolean full;

    Bounded(int max) {
      this.max = max;
    }

    boolean isFull() {
      return full;
    }

    byte[] toByteArray() {
      return bytes.toByteArray();
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      int room = Math.min(length, max - bytes.size());
      bytes.write(source, offset, room);
      if (room < length) {
        full = true;
        throw new IOException("The mail is larger than is kept.");
      }
    }
  }
}
