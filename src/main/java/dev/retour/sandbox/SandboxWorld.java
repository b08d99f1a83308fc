package dev.retour.sandbox;

import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.nio.file.FileSystemException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A small world of mail on 127.0.0.1 in which the recipient decides what happens: an SMTP sink, and
 * IMAP and POP3 servers with a bounce mailbox and one for complaints.
 *
 * <p>Local parts (the domain does not matter; {@code full+7}, {@code full.7}, {@code full-7} and
 * {@code full7} behave like {@code full}):
 *
 * <ul>
 *   <li>{@code ok} and every other: accepted and captured
 *   <li>{@code unknown}: 550 5.1.1 at RCPT
 *   <li>{@code full}: 452 4.2.2 at RCPT
 *   <li>{@code greylisted}: 451 4.7.1 at the first RCPT for this address, then as {@code ok}
 *   <li>{@code slow}: captured, answered only after {@code sandbox.slow-answer-after}
 *   <li>{@code drop}: taken with the final dot <em>and captured</em>, then the connection is cut
 *       without an answer — the client cannot know, and a second sending shows as a double
 *   <li>{@code cut}: the connection is cut in the middle of the body; not captured
 *   <li>{@code bounce-later}, {@code full-later}: accepted, then a delivery report (5.1.1, 5.2.2)
 *   <li>{@code complaint}: accepted, then a complaint (RFC 5965) in the feedback mailbox
 *   <li>{@code away}: accepted, then an absence reply (RFC 3834)
 *   <li>{@code spam}: 554 5.7.1 after the body
 * </ul>
 *
 * A mail larger than {@code sandbox.size-max} is answered 552 5.3.4. Delivery reports and absence
 * replies go to the bounce mailbox when the envelope sender's local part starts with {@code
 * bounce}; any other sender has no mailbox here and gets none. What was answered 250 — the mail and
 * the report about it — is on disk and survives a kill; so do the mailboxes.
 */
public final class SandboxWorld implements AutoCloseable {
  private final SandboxConfig config;
  private final InstantSource clock;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private @Nullable CapturedMails captured;
  private final Turns turns = new Turns();
  private @Nullable MailboxServers mailboxes;

  /** The two mailboxes. */
  public enum Account {
    BOUNCES,
    FEEDBACK
  }

  /** Opens nothing yet; see {@link #start}. */
  public SandboxWorld(SandboxConfig config, InstantSource clock) {
    this.config = config;
    this.clock = clock;
  }

  /**
   * Opens the three ports and takes up what an earlier process left.
   *
   * @return this
   * @throws SandboxException when a port is in use or the folder cannot be used; then nothing stays
   *     open
   */
  public synchronized SandboxWorld start() {
    try {
      ServerSocket imap = bind("IMAP", "sandbox.imap-port", config.imapPort());
      ServerSocket pop3 = bind("POP3", "sandbox.pop3-port", config.pop3Port());
      CapturedMails mails =
          new CapturedMails(config.dir().resolve("captured"), clock, config.capturedMax());
      MailboxServers servers = new MailboxServers(config, clock, turns, imap, pop3);
      PendingReports reports =
          new PendingReports(config.dir().resolve("pending"), config.reportAfter(), this::deliver);
      SmtpSink sink = new SmtpSink(config, mails, reports);
      captured = mails;
      mailboxes = servers;
      open.push(servers);
      servers.start();
      open.push(reports);
      startSink(sink);
      open.push(sink);
      reports.start();
      return this;
    } catch (IOException e) {
      close();
      throw new SandboxException(
          "The sandbox cannot use its folder "
              + config.dir().toAbsolutePath()
              + (e instanceof FileSystemException named ? " (" + named.getMessage() + ")" : "")
              + ": make it writable or set sandbox.dir.",
          e);
    } catch (SandboxException e) {
      close();
      throw e;
    }
  }

  /**
   * Puts a mail into the INBOX of an account, unchanged and durably.
   *
   * @throws IOException when it cannot be stored
   */
  public void deliver(Account account, byte[] raw) throws IOException {
    running(mailboxes)
        .deliver(account == Account.BOUNCES ? config.bounces() : config.feedback(), raw);
  }

  /** The captured mails, newest first, at most {@code limit}. */
  public List<CapturedMail> captured(int limit) {
    return running(captured).newest(limit);
  }

  /** How many mails were ever captured in this folder, those no longer kept included. */
  public long capturedCount() {
    return running(captured).count();
  }

  /**
   * The bytes of a captured mail as they came over SMTP; nothing when it is not (or no longer)
   * kept.
   *
   * @throws IOException when the file cannot be read
   */
  public Optional<byte[]> raw(long id) throws IOException {
    return running(captured).raw(id);
  }

  /** Closes the ports; mails stay on disk. */
  @Override
  public synchronized void close() {
    RuntimeException fault = null;
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        SandboxException next = new SandboxException("The sandbox did not close cleanly.", e);
        if (fault != null) {
          next.addSuppressed(fault);
        }
        fault = next;
      }
    }
    if (fault != null) {
      throw fault;
    }
  }

  private ServerSocket bind(String name, String key, int port) throws IOException {
    try {
      ServerSocket socket = NoDelayServerSocket.bound(port, turns::socket);
      open.push(socket);
      return socket;
    } catch (BindException e) {
      throw inUse(name, key, port, e);
    }
  }

  private void startSink(SmtpSink sink) {
    try {
      sink.start();
    } catch (RuntimeException e) {
      throw e.getCause() instanceof BindException cause
          ? inUse("SMTP", "sandbox.smtp-port", config.smtpPort(), cause)
          : e;
    }
  }

  private static SandboxException inUse(String name, String key, int port, BindException cause) {
    return new SandboxException(
        "The sandbox's "
            + name
            + " port "
            + port
            + " on 127.0.0.1 is in use: stop the program that holds it or set "
            + key
            + ".",
        cause);
  }

  private static <T> T running(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("The sandbox is not started.");
    }
    return part;
  }
}
