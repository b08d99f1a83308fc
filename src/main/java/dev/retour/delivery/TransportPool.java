package dev.retour.delivery;

import jakarta.mail.MessagingException;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/**
 * Open sessions with one relay, reused (RFC 5321 section 4.5.4.1 speaks for it; measured several
 * times faster than one connection a mail). After a refusal a session is reset and goes on, after
 * any other fault its connection is cut.
 */
final class TransportPool implements AutoCloseable {
  private final Relay relay;
  private final DeliveryConfig config;
  private final RelayMonitor monitor;
  private final InstantSource clock;
  private final SmtpOpening opening;
  private final Connections connections;
  private final Deque<Session> idle = new ConcurrentLinkedDeque<>();
  private final Set<Session> all = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;
  private volatile boolean suspect;

  TransportPool(
      Relay relay,
      DeliveryConfig config,
      RelayMonitor monitor,
      InstantSource clock,
      SmtpOpening opening,
      Connections connections) {
    this.relay = relay;
    this.config = config;
    this.monitor = monitor;
    this.clock = clock;
    this.opening = opening;
    this.connections = connections;
  }

  /**
   * Sends one mail and records the server's answer in it.
   *
   * @throws MessagingException with the server's answer or the fault; {@link SmtpFault} reads it
   */
  void send(PackageMessage message) throws MessagingException {
    Session session = idleSession();
    if (session != null) {
      try {
        over(session, message);
        return;
      } catch (StaleSession e) {
        // The relay had hung up meanwhile: that costs the mail no attempt.
      }
    }
    over(open(), message);
  }

  /**
   * Goes on with a mail that was begun in a session.
   *
   * @throws MessagingException as {@link #send}
   */
  void finish(Session session, PackageMessage message, Dialogue dialogue)
      throws MessagingException {
    try {
      over(session, message, dialogue);
    } catch (StaleSession e) {
      over(open(), message);
    }
  }

  /** A mail was taken. */
  void accepted(Session session, PackageMessage message, SmtpReply reply) {
    message.accepted(reply.text());
    session.sent++;
    monitor.works();
    giveBack(session);
  }

  RelayMonitor monitor() {
    return monitor;
  }

  /** True when the relay is down, suspected or new, so that nobody need send a mail to know. */
  boolean isProbeDue() {
    RelayMonitor.State state = monitor.state();
    boolean untried = relay.isAccount() && state.since() == null;
    return monitor.isProbeDue() || (suspect && state.up()) || untried;
  }

  /** Tries the relay without a mail. */
  void probe() {
    suspect = false;
    try {
      opening.open(relay).quit();
      monitor.answers();
    } catch (SmtpException e) {
      monitor.fails(SmtpFault.of(e).text());
    }
  }

  /** Closes connections that were not used for the configured time. */
  void closeIdle() {
    Instant deadline = clock.instant().minus(config.connectionIdle());
    for (Session session : List.copyOf(idle)) {
      if (session.lastUsed.isBefore(deadline) && idle.remove(session)) {
        quit(session);
      }
    }
  }

  /** Cuts connections to a relay that takes nothing any more. */
  void cutStuck() {
    long now = System.nanoTime();
    all.forEach(session -> session.connection.cutIfStuck(now));
  }

  /** True when it holds no connection. */
  boolean isEmpty() {
    return all.isEmpty();
  }

  @Override
  public void close() {
    closed = true;
    for (Session session = idle.poll(); session != null; session = idle.poll()) {
      quit(session);
    }
  }

  private void over(Session session, PackageMessage message) throws MessagingException {
    over(session, message, () -> new SmtpTransaction(session.connection, message).run());
  }

  private void over(Session session, PackageMessage message, Dialogue dialogue)
      throws MessagingException {
    SmtpReply reply;
    try {
      reply = dialogue.run();
    } catch (SmtpException | IOException | RuntimeException e) {
      throw told(session, message, e);
    }
    accepted(session, message, reply);
  }

  /** What is said in a session until a mail is taken. */
  interface Dialogue {
    SmtpReply run() throws SmtpException, IOException;
  }

  /** What a fault says: about the mailbox, about the connection, or about the mail. */
  private MessagingException told(Session session, PackageMessage message, Exception e) {
    SmtpFault fault = SmtpFault.of(e);
    boolean first = session.sent == 0;
    if (fault.refusesLogin() && relay.mailbox() != null) {
      quit(session);
      monitor.fails(fault.text());
      return new MailboxUnavailableException(monitor.mailbox(), fault.text(), e);
    }
    if (fault.answered()) {
      session.connection.reset();
      giveBack(session);
    } else {
      session.connection.cut();
      gone(session);
      boolean cut = !FenceException.causes(e);
      if (cut && !first && !message.isBegun()) {
        return new StaleSession(fault.text(), e);
      }
      // One cut connection proves nothing about the relay; the next probe does.
      suspect |= cut && relay.mailbox() != null;
      if (cut && !message.isBegun()) {
        return new NothingHandedOverException(fault.text(), e);
      }
    }
    return e instanceof MessagingException mail ? mail : new MessagingException(fault.text(), e);
  }

  /** No session came about: a fault of our mailbox, or of the stranger the mail is for. */
  private MessagingException unopened(SmtpException e) {
    if (relay.mailbox() == null) {
      return new UnopenedException(e);
    }
    String fault = SmtpFault.of(e).text();
    monitor.fails(fault);
    return new MailboxUnavailableException(monitor.mailbox(), fault, e);
  }

  Session open() throws MessagingException {
    connections.opening();
    try {
      Session session = new Session(opening.open(relay), clock.instant());
      all.add(session);
      return session;
    } catch (SmtpException e) {
      connections.closed();
      throw unopened(e);
    } catch (RuntimeException e) {
      connections.closed();
      throw e;
    }
  }

  @Nullable Session idleSession() {
    Instant deadline = clock.instant().minus(config.connectionIdle());
    for (Session reused = idle.poll(); reused != null; reused = idle.poll()) {
      if (!reused.lastUsed.isBefore(deadline) && isUsable(reused)) {
        return reused;
      }
      quit(reused);
    }
    return null;
  }

  private static boolean isUsable(Session session) {
    try {
      return session.connection.isUsable();
    } catch (IOException e) {
      return false;
    }
  }

  void giveBack(Session session) {
    session.lastUsed = clock.instant();
    boolean worn = session.sent >= relay.terms().messagesPerConnection();
    // A farewell that comes meanwhile is noticed when the session is used again.
    if (closed || worn || !session.connection.isIntact()) {
      quit(session);
    } else {
      idle.push(session);
    }
  }

  private void quit(Session session) {
    session.connection.quit();
    gone(session);
  }

  private void gone(Session session) {
    if (all.remove(session)) {
      connections.closed();
    }
  }

  /** One open connection. */
  static final class Session {
    private final SmtpConnection connection;
    private Instant lastUsed;
    private int sent;

    Session(SmtpConnection connection, Instant now) {
      this.connection = connection;
      this.lastUsed = now;
    }

    SmtpConnection connection() {
      return connection;
    }
  }

  /** A reused connection turned out to be dead before anything was handed over. */
  private static final class StaleSession extends MessagingException {
    private static final long serialVersionUID = 1L;

    StaleSession(String text, Exception cause) {
      super(text, cause);
    }
  }
}
