package dev.retour.support;

import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Store;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Looks into a mailbox from outside, over IMAP or POP3. */
public final class Mailboxes {
  private static final int WAIT_SECONDS_MAX = 20;

  private Mailboxes() {}

  /** The mails of a folder as text, oldest first; none as long as nobody has made the folder. */
  public static List<String> read(
      String protocol, int port, String user, String password, String name)
      throws MessagingException, IOException {
    try (Store store = connect(protocol, port, user, password)) {
      Folder folder = store.getFolder(name);
      return folder.exists() ? read(folder) : List.of();
    }
  }

  private static List<String> read(Folder closed) throws MessagingException, IOException {
    try (Folder folder = closed) {
      folder.open(Folder.READ_ONLY);
      List<String> texts = new ArrayList<>();
      for (Message message : folder.getMessages()) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
          message.writeTo(bytes);
        } catch (IOException | MessagingException e) {
          folder.getMessageCount(); // brings the news of expunged mails
          if (message.isExpunged()) {
            continue; // moved away by the other side between the list and the read
          }
          throw e;
        }
        texts.add(bytes.toString(StandardCharsets.ISO_8859_1));
      }
      return texts;
    }
  }

  /** Moves every mail of the INBOX to another folder, as an IMAP client does. */
  public static void moveAll(int port, String user, String password, String target)
      throws MessagingException {
    try (Store store = connect("imap", port, user, password);
        Folder inbox = store.getFolder("INBOX")) {
      Folder to = store.getFolder(target);
      if (!to.exists()) {
        to.create(Folder.HOLDS_MESSAGES);
      }
      inbox.open(Folder.READ_WRITE);
      // Asked once: a mail that comes in meanwhile must not be deleted without being copied.
      Message[] found = inbox.getMessages();
      inbox.copyMessages(found, to);
      inbox.setFlags(found, new Flags(Flags.Flag.DELETED), true);
      inbox.expunge();
    }
  }

  /** Looks again every 20 ms until the folder is as expected, at most 20 s. */
  public static List<String> await(
      String protocol,
      int port,
      String user,
      String password,
      String name,
      Predicate<List<String>> expected)
      throws MessagingException, IOException, InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS_MAX);
    List<String> found = read(protocol, port, user, password, name);
    while (!expected.test(found) && System.nanoTime() < end) {
      if (never.await(20, TimeUnit.MILLISECONDS)) {
        break;
      }
      found = read(protocol, port, user, password, name);
    }
    return found;
  }

  private static Store connect(String protocol, int port, String user, String password)
      throws MessagingException {
    Store store = Session.getInstance(new Properties()).getStore(protocol);
    store.connect("127.0.0.1", port, user, password);
    return store;
  }
}
