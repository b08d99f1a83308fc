package dev.retour.delivery;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Deque;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Open connections to the relay, reused (RFC 5321 section 4.5.4.1 speaks for it; measured several
 * times faster than one connection a mail). After any fault a connection is closed, never reused.
 */
final class TransportPool implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TransportPool.class);

  private static final Duration RETIRED_AFTER = Duration.ofMinutes(10);

  private final RelayConfig relay;
  private final DeliveryConfig config;
  private final RelayMonitor monitor;
  private final InstantSource clock;
  private final Session session;
  private final Deque<Connection> idle = new ConcurrentLinkedDeque<>();
  private final Connections connections;
  private final AtomicInteger open = new AtomicInteger();
  private volatile Instant askedAt;
  private volatile boolean closed;
  private volatile boolean suspect;

  TransportPool(
      RelayConfig relay, DeliveryConfig config, RelayMonitor monitor, InstantSource clock) {
    this(relay, config, monitor, clock, Connections.UNCOUNTED);
  }

  TransportPool(
      RelayConfig relay,
      DeliveryConfig config,
      RelayMonitor monitor,
      InstantSource clock,
      Connections connections) {
    this.relay = relay;
    this.config = config;
    this.monitor = monitor;
    this.clock = clock;
    this.connections = connections;
    this.askedAt = clock.instant();
    Properties properties = properties(relay);
    connections.addTo(properties);
    this.session = Session.getInstance(properties);
  }

  RelayMonitor monitor() {
    return monitor;
  }

  Session session() {
    return session;
  }

  /**
   * Sends one mail and records the server's answer in it.
   *
   * @throws MessagingException with the server's answer or the fault; {@link SmtpFault} reads it
   */
  void send(PackageMessage message) throws MessagingException {
    askedAt = clock.instant();
    Connection connection = null;
    try {
      connection = take();
      connection.transport.sendMessage(message, message.getAllRecipients());
      message.accepted(connection.transport.getLastServerResponse().strip());
      connection.sent++;
      monitor.works();
    } catch (MessagingException | RuntimeException e) {
      throw told(connection, message, e);
    }
    giveBack(connection);
  }

  /** Nothing is tried while the mailbox is paused. */
  void requireOpen() throws MailboxUnavailableException {
    askedAt = clock.instant();
    monitor.requireOpen();
  }

  /** What a fault says: about the mailbox, about the connection, or about the mail. */
  private MessagingException told(
      @Nullable Connection connection, PackageMessage message, Exception e) {
    if (e instanceof NotNowException wait) {
      return wait;
    }
    SmtpFault fault = SmtpFault.of(e);
    if (connection != null) {
      quit(connection);
    }
    if (connection == null || fault.refusesLogin()) {
      monitor.fails(fault.text());
      return new MailboxUnavailableException(fault.text(), e);
    }
    boolean cut = !FenceException.causes(e) && !fault.answered();
    // One cut connection proves nothing about the relay; the next probe does.
    suspect |= cut;
    if (cut && !message.isBegun()) {
      return new NothingHandedOverException(fault.text(), e);
    }
    return e instanceof MessagingException mail ? mail : new MessagingException(fault.text(), e);
  }

  /** Tries the relay when it is down or suspected, so that recovery needs no mail. */
  void probe() {
    if (!monitor.isProbeDue() && !(suspect && monitor.state().up())) {
      return;
    }
    suspect = false;
    try {
      quit(new Connection(open(), clock.instant()));
      monitor.answers();
    } catch (MessagingException e) {
      monitor.fails(SmtpFault.of(e).text());
    }
  }

  /** Closes connections that were not used for the configured time. */
  void closeIdle() {
    Instant deadline = clock.instant().minus(config.connectionIdle());
    for (Connection connection : List.copyOf(idle)) {
      if (connection.lastUsed.isBefore(deadline) && idle.remove(connection)) {
        quit(connection);
      }
    }
  }

  /**
   * Closes a pool nobody used for long; true when it was one. Who is being given it meanwhile can
   * still send: the connection is then closed instead of kept.
   */
  boolean retire() {
    if (open.get() == 0 && askedAt.isBefore(clock.instant().minus(RETIRED_AFTER))) {
      closed = true;
    }
    return closed;
  }

  @Override
  public void close() {
    closed = true;
    for (Connection connection = idle.poll(); connection != null; connection = idle.poll()) {
      quit(connection);
    }
  }

  private Connection take() throws MessagingException {
    Instant deadline = clock.instant().minus(config.connectionIdle());
    for (Connection reused = idle.poll(); reused != null; reused = idle.poll()) {
      // A NOOP on reuse: a relay that hung up meanwhile must not cost a mail an attempt.
      if (!reused.lastUsed.isBefore(deadline) && reused.transport.isConnected()) {
        return reused;
      }
      quit(reused);
    }
    return new Connection(open(), clock.instant());
  }

  private void giveBack(Connection connection) {
    connection.lastUsed = clock.instant();
    if (closed || connection.sent >= config.messagesPerConnection()) {
      quit(connection);
    } else {
      idle.push(connection);
    }
  }

  private SMTPTransport open() throws MessagingException {
    connections.opening();
    try {
      SMTPTransport transport = connected();
      open.incrementAndGet();
      return transport;
    } catch (MessagingException | RuntimeException e) {
      connections.closed();
      throw e;
    }
  }

  private SMTPTransport connected() throws MessagingException {
    SMTPTransport transport =
        (SMTPTransport)
            session.getTransport(relay.tls() == RelayConfig.Tls.IMPLICIT ? "smtps" : "smtp");
    try {
      transport.connect(
          relay.host(), relay.port(), emptyToNull(relay.user()), emptyToNull(relay.password()));
      return transport;
    } catch (MessagingException | RuntimeException e) {
      transport.close();
      throw e;
    }
  }

  private void quit(Connection connection) {
    open.decrementAndGet();
    connections.closed();
    try {
      connection.transport.close();
    } catch (MessagingException e) {
      log.debug("A connection to the relay did not end politely: {}", e.getMessage());
    }
  }

  private static @Nullable String emptyToNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private static Properties properties(RelayConfig relay) {
    Properties properties = new Properties();
    for (String protocol : new String[] {"mail.smtp.", "mail.smtps."}) {
      properties.put(protocol + "connectiontimeout", millis(relay.connectTimeout()));
      properties.put(protocol + "timeout", millis(relay.answerTimeout()));
      properties.put(protocol + "writetimeout", millis(relay.answerTimeout()));
      properties.put(protocol + "auth", Boolean.toString(!relay.user().isEmpty()));
      properties.put(protocol + "sendpartial", "false");
      if (!relay.ehloName().isEmpty()) {
        properties.put(protocol + "localhost", relay.ehloName());
      }
    }
    switch (relay.tls()) {
      case DISABLED -> properties.put("mail.smtp.starttls.enable", "false");
      case OPPORTUNISTIC -> {
        properties.put("mail.smtp.starttls.enable", "true");
        properties.put("mail.smtp.ssl.trust", "*");
        properties.put("mail.smtp.ssl.checkserveridentity", "false");
      }
      case REQUIRED -> {
        properties.put("mail.smtp.starttls.enable", "true");
        properties.put("mail.smtp.starttls.required", "true");
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
      }
      case IMPLICIT -> properties.put("mail.smtps.ssl.checkserveridentity", "true");
    }
    return properties;
  }

  private static String millis(Duration duration) {
    return Long.toString(duration.toMillis());
  }

  /** One open connection. */
  private static final class Connection {
    private final SMTPTransport transport;
    private Instant lastUsed;
    private int sent;

    Connection(SMTPTransport transport, Instant now) {
      this.transport = transport;
      this.lastUsed = now;
    }
  }
}
