package dev.retour.sandbox;

import com.icegreen.greenmail.imap.AuthorizationException;
import com.icegreen.greenmail.imap.ImapConstants;
import com.icegreen.greenmail.imap.ImapHandler;
import com.icegreen.greenmail.imap.ImapHostManager;
import com.icegreen.greenmail.imap.ImapHostManagerImpl;
import com.icegreen.greenmail.pop3.Pop3Handler;
import com.icegreen.greenmail.pop3.commands.Pop3CommandRegistry;
import com.icegreen.greenmail.server.AbstractServer;
import com.icegreen.greenmail.server.ProtocolHandler;
import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.store.MailFolder;
import com.icegreen.greenmail.user.UserException;
import com.icegreen.greenmail.user.UserManager;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.Flags;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The IMAP and POP3 servers of the two mailboxes: GreenMail's protocols over spooled folders. */
final class MailboxServers implements AutoCloseable {
  private static final String INBOX = ImapConstants.INBOX_NAME;
  private static final Duration IDLE_MAX = Duration.ofMinutes(30); // RFC 9051 section 5.4
  private static final Duration START_MAX = Duration.ofSeconds(10);

  private final InstantSource clock;
  private final Turns turns;
  private final Map<String, String> accounts = new ConcurrentHashMap<>();
  private final ImapHostManager folders;
  private final UserManager users;
  private final List<Server> servers;

  /** Takes ownership of the two bound sockets. */
  MailboxServers(
      SandboxConfig config, InstantSource clock, Turns turns, ServerSocket imap, ServerSocket pop3)
      throws IOException {
    this.clock = clock;
    this.turns = turns;
    StoredForm.keepHeaderBytes();
    Path spool = Files.createDirectories(config.dir().resolve("mailboxes"));
    this.folders = new ImapHostManagerImpl(SpooledStore.below(spool, accounts));
    this.users = new UserManager(folders);
    users.setAuthRequired(true);
    restore(spool, config.bounces());
    restore(spool, config.feedback());
    this.servers =
        List.of(
            new Server(
                ServerSetup.PROTOCOL_IMAP, imap, client -> new ImapHandler(users, folders, client)),
            new Server(
                ServerSetup.PROTOCOL_POP3,
                pop3,
                client -> new Pop3Handler(new Pop3CommandRegistry(), users, client)));
  }

  void start() {
    for (Server server : servers) {
      server.setClientSocketTimeout(Math.toIntExact(IDLE_MAX.toMillis()));
      server.startService();
      try {
        if (!server.waitTillRunning(START_MAX.toMillis())) {
          throw new SandboxException("The sandbox's " + server + " server does not start.");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SandboxException("Starting the sandbox was interrupted.", e);
      }
    }
  }

  /** Appends to the INBOX; when this returns the mail is on disk. */
  void deliver(SandboxConfig.Login account, byte[] raw) throws IOException {
    turns.take(() -> append(account, raw));
  }

  private void append(SandboxConfig.Login account, byte[] raw) throws IOException {
    try {
      MailFolder inbox = folders.getInbox(users.getUser(account.user()));
      inbox.appendMessage(
          new MimeMessage(null, new ByteArrayInputStream(raw)),
          new Flags(),
          Date.from(clock.instant()));
    } catch (MessagingException | FolderException e) {
      throw new IOException("The mail cannot be put into the sandbox's mailbox.", e);
    }
  }

  @Override
  public void close() {
    servers.forEach(server -> server.stopService(START_MAX.toMillis()));
  }

  private void restore(Path spool, SandboxConfig.Login account) throws IOException {
    try {
      var user = users.createUser(account.user(), account.user(), account.password());
      accounts.put(user.getQualifiedMailboxName(), account.user());
      SpooledStore.restore(folders.getInbox(user));
      for (String name : subfolders(spool.resolve(account.user()))) {
        SpooledStore.restore(folders.createMailbox(user, name));
      }
    } catch (UserException | FolderException | AuthorizationException e) {
      throw new IOException("The sandbox's mailboxes cannot be set up.", e);
    }
  }

  private static List<String> subfolders(Path account) throws IOException {
    if (!Files.isDirectory(account)) {
      return List.of();
    }
    try (Stream<Path> below = Files.walk(account)) {
      return below
          .filter(path -> Files.isDirectory(path) && !path.equals(account))
          .map(path -> account.relativize(path).toString().replace(java.io.File.separatorChar, '.'))
          .filter(name -> !name.equals(INBOX))
          .sorted()
          .toList();
    }
  }

  /** Creates the conversation with one client. */
  private interface Protocol {
    ProtocolHandler with(Socket client);
  }

  /** GreenMail's accept loop on a socket that is already bound. */
  private static final class Server extends AbstractServer {
    private final ServerSocket bound;
    private final Protocol protocol;

    Server(String name, ServerSocket bound, Protocol protocol) {
      super(
          new ServerSetup(bound.getLocalPort(), "127.0.0.1", name),
          new com.icegreen.greenmail.Managers());
      this.bound = Objects.requireNonNull(bound);
      this.protocol = protocol;
      setDaemon(true);
    }

    @Override
    protected ServerSocket openServerSocket() {
      return bound;
    }

    @Override
    protected ProtocolHandler createProtocolHandler(Socket client) {
      return protocol.with(client);
    }
  }
}
