package dev.retour.bounces;

import jakarta.mail.Folder;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Store;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.eclipse.angus.mail.iap.Argument;
import org.eclipse.angus.mail.iap.ByteArray;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.eclipse.angus.mail.iap.Response;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.eclipse.angus.mail.imap.protocol.BASE64MailboxEncoder;
import org.eclipse.angus.mail.imap.protocol.BODY;
import org.eclipse.angus.mail.imap.protocol.FLAGS;
import org.eclipse.angus.mail.imap.protocol.FetchResponse;
import org.eclipse.angus.mail.imap.protocol.IMAPProtocol;
import org.eclipse.angus.mail.imap.protocol.RFC822SIZE;
import org.eclipse.angus.mail.imap.protocol.UID;
import org.eclipse.angus.mail.imap.protocol.UIDSet;
import org.jspecify.annotations.Nullable;

/**
 * The INBOX of an IMAP account with commands for many mails at once (RFC 9051, RFC 6851). Bodies
 * come as the bytes the server has: a mail object of Jakarta Mail would parse and rewrite them.
 *
 * <p>For one thread. A {@link MessagingException} tells nothing about the connection; who wants to
 * go on after one {@link #reopen opens it anew}.
 */
final class ImapInbox implements AutoCloseable {
  private static final String CONNECT_MILLIS_MAX = "20000";
  private static final String ANSWER_MILLIS_MAX = "60000";

  /** How much of a large mail one answer brings, bytes. */
  private static final int PIECE_BYTES = 1 << 20;

  private final BouncesConfig.Mailbox account;
  private @Nullable Store store;
  private @Nullable IMAPFolder folder;
  private long uidValidity;

  ImapInbox(BouncesConfig.Mailbox account) {
    this.account = account;
  }

  /**
   * A mail as the server lists it.
   *
   * @param bytes its size; {@link Integer#MAX_VALUE} when the server does not tell
   * @param isDeleted marked so, by a person or by us before a crash
   */
  record Listed(long uid, int bytes, boolean isDeleted) {}

  /** What a command answers, or how it fails. */
  private interface Command<T> {
    T on(IMAPProtocol protocol) throws ProtocolException;
  }

  /** Connects, unless it is still connected. */
  void open() throws MessagingException {
    if (folder == null || !folder.isOpen()) {
      reopen();
    }
  }

  /** Connects anew. */
  void reopen() throws MessagingException {
    close();
    Store fresh = Session.getInstance(properties()).getStore(account.tls() ? "imaps" : "imap");
    store = fresh;
    fresh.connect(account.host(), account.port(), account.user(), account.password());
    folder = (IMAPFolder) fresh.getFolder("INBOX");
    folder.open(Folder.READ_WRITE);
    uidValidity = folder.getUIDValidity();
  }

  /** Of the last connection; another one when the server has given all mails new numbers. */
  long uidValidity() {
    return uidValidity;
  }

  /** The oldest mails, in the order of the mailbox. */
  List<Listed> list(int max) throws MessagingException {
    simple("NOOP"); // brings the news; Angus itself asks at most once a second
    int last = Math.min(opened().getMessageCount(), max);
    if (last == 0) {
      return List.of();
    }
    List<Listed> listed = new ArrayList<>();
    for (FetchResponse each : fetch("FETCH 1:" + last + " (UID RFC822.SIZE FLAGS)")) {
      UID uid = each.getItem(UID.class);
      RFC822SIZE size = each.getItem(RFC822SIZE.class);
      FLAGS flags = each.getItem(FLAGS.class);
      if (uid != null) {
        listed.add(
            new Listed(
                uid.uid,
                size == null ? Integer.MAX_VALUE : (int) Math.min(size.size, Integer.MAX_VALUE),
                flags != null && flags.contains(jakarta.mail.Flags.Flag.DELETED)));
      }
    }
    return listed;
  }

  /** Which of these mails are still there. */
  List<Long> present(Collection<Long> uids) throws MessagingException {
    List<Long> present = new ArrayList<>();
    for (FetchResponse each : fetch("UID FETCH " + set(uids) + " (UID)")) {
      UID uid = each.getItem(UID.class);
      if (uid != null) {
        present.add(uid.uid);
      }
    }
    return present;
  }

  /** The bytes of mails, each up to the limit, by one command. What is gone is left out. */
  Map<Long, byte[]> bodies(Collection<Long> uids, int bytesMax) throws MessagingException {
    Map<Long, byte[]> bodies = new HashMap<>();
    String items = " (UID BODY.PEEK[]<0." + bytesMax + ">)";
    for (FetchResponse each : fetch("UID FETCH " + set(uids) + items)) {
      UID uid = each.getItem(UID.class);
      byte[] body = body(each);
      if (uid != null && body != null) {
        bodies.put(uid.uid, body);
      }
    }
    return bodies;
  }

  /** The bytes of one large mail up to the limit, piece by piece; null when it is gone. */
  byte @Nullable [] largeBody(long uid, int bytesMax) throws MessagingException {
    ByteArrayOutputStream whole = new ByteArrayOutputStream(Math.min(bytesMax, PIECE_BYTES));
    boolean found = false;
    for (int size = PIECE_BYTES; size == PIECE_BYTES && whole.size() < bytesMax; ) {
      int wanted = Math.min(PIECE_BYTES, bytesMax - whole.size());
      String items = " (UID BODY.PEEK[]<" + whole.size() + "." + wanted + ">)";
      size = 0;
      for (FetchResponse each : fetch("UID FETCH " + uid + items)) {
        byte[] piece = body(each);
        if (piece != null) {
          found = true;
          size = Math.min(wanted, piece.length);
          whole.write(piece, 0, size);
        }
      }
    }
    return found ? whole.toByteArray() : null;
  }

  /** Marks mails as read. */
  void seen(Collection<Long> uids) throws MessagingException {
    simple("UID STORE " + set(uids) + " +FLAGS.SILENT (\\Seen)");
  }

  /** Moves mails into a folder, which is made when it is missing. */
  void move(Collection<Long> uids, String target) throws MessagingException {
    if (!has("MOVE")) {
      intoFolder("UID COPY " + set(uids), target);
      simple("UID STORE " + set(uids) + " +FLAGS.SILENT (\\Deleted)");
      expunge(uids);
      return;
    }
    intoFolder("UID MOVE " + set(uids), target);
  }

  /** Removes those of these mails that are marked as deleted. */
  void expunge(Collection<Long> uids) throws MessagingException {
    // Without UIDPLUS (RFC 4315) there is only the command for all that are marked.
    simple(has("UIDPLUS") ? "UID EXPUNGE " + set(uids) : "EXPUNGE");
  }

  @Override
  public void close() {
    Store old = store;
    store = null;
    folder = null;
    try {
      if (old != null) {
        old.close();
      }
    } catch (MessagingException e) {
      // It is gone either way; nothing was left half done in this connection.
    }
  }

  private void intoFolder(String command, String target) throws MessagingException {
    Argument name = new Argument();
    name.writeString(BASE64MailboxEncoder.encode(target));
    try {
      on(protocol -> simple(protocol, command, name));
    } catch (MessagingException e) {
      if (!String.valueOf(e.getMessage()).contains("TRYCREATE")) {
        throw e;
      }
      on(protocol -> simple(protocol, "CREATE", name));
      on(protocol -> simple(protocol, command, name));
    }
  }

  private void simple(String command) throws MessagingException {
    on(protocol -> simple(protocol, command, null));
  }

  private static boolean simple(IMAPProtocol protocol, String command, @Nullable Argument argument)
      throws ProtocolException {
    protocol.simpleCommand(command, argument);
    return true;
  }

  private boolean has(String capability) throws MessagingException {
    return on(protocol -> protocol.hasCapability(capability));
  }

  private List<FetchResponse> fetch(String command) throws MessagingException {
    return on(
        protocol -> {
          Response[] answers = protocol.command(command, null);
          protocol.notifyResponseHandlers(answers);
          protocol.handleResult(answers[answers.length - 1]);
          List<FetchResponse> fetched = new ArrayList<>();
          for (Response answer : answers) {
            if (answer instanceof FetchResponse each) {
              fetched.add(each);
            }
          }
          return fetched;
        });
  }

  @SuppressWarnings("unchecked") // doCommand hands back what the command gave
  private <T> T on(Command<T> command) throws MessagingException {
    Object answer = opened().doCommand(protocol -> (Object) command.on(protocol));
    if (answer == null) {
      throw new MessagingException("The mailbox does not answer.");
    }
    return (T) answer;
  }

  private IMAPFolder opened() throws MessagingException {
    IMAPFolder open = folder;
    if (open == null) {
      throw new MessagingException("The mailbox is not open.");
    }
    return open;
  }

  private static byte @Nullable [] body(FetchResponse response) {
    BODY body = response.getItem(BODY.class);
    ByteArray bytes = body == null ? null : body.getByteArray();
    return bytes == null ? null : bytes.getNewBytes();
  }

  private static String set(Collection<Long> uids) {
    long[] sorted = uids.stream().mapToLong(Long::longValue).sorted().toArray();
    return UIDSet.toString(UIDSet.createUIDSets(sorted));
  }

  private Properties properties() {
    Properties properties = new Properties();
    String prefix = account.tls() ? "mail.imaps." : "mail.imap.";
    properties.setProperty(prefix + "connectiontimeout", CONNECT_MILLIS_MAX);
    properties.setProperty(prefix + "timeout", ANSWER_MILLIS_MAX);
    properties.setProperty(prefix + "writetimeout", ANSWER_MILLIS_MAX);
    return properties;
  }
}
