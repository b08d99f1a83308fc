package dev.retour.delivery;

import dev.retour.qualification.Phase;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * One open SMTP session: commands out, answers in. Not thread-safe, but for {@link #cutIfStuck} and
 * {@link #cut}.
 */
final class SmtpConnection {
  private static final int BUFFER_BYTES = 65_536;
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  private final Relay relay;
  private final Socket wire;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private Socket socket;
  private OutputStream out;
  private SmtpReplyReader replies;
  private SmtpExtensions extensions = SmtpExtensions.NONE;
  private boolean encrypted;
  private int buffered;
  private boolean usable = true;

  /** When a write must have ended, as {@link System#nanoTime}; 0: nothing is being written. */
  private volatile long writtenBy;

  SmtpConnection(Relay relay, Socket wire) throws IOException {
    this.relay = relay;
    this.wire = wire;
    this.socket = wire;
    this.out = wire.getOutputStream();
    this.replies = new SmtpReplyReader(wire);
  }

  Relay relay() {
    return relay;
  }

  Socket wire() {
    return wire;
  }

  SmtpExtensions extensions() {
    return extensions;
  }

  void extensions(SmtpExtensions offered) {
    extensions = offered;
  }

  boolean isEncrypted() {
    return encrypted;
  }

  /** Goes on over TLS: everything learned before is forgotten (RFC 3207 section 4.2). */
  void protect(SmtpTls tls) throws IOException {
    socket = tls.protect(wire, relay, relay.terms().timeouts().answer());
    out = socket.getOutputStream();
    replies = new SmtpReplyReader(socket);
    extensions = SmtpExtensions.NONE;
    encrypted = true;
  }

  /** False once the session is not in a state the next mail could begin in. */
  boolean isUsable() throws IOException {
    // What comes unasked is a farewell (421), or worse.
    return usable && !replies.hasUnread();
  }

  /** False once the session is known to have failed; asks nobody. */
  boolean isIntact() {
    return usable;
  }

  void spoil() {
    usable = false;
  }

  /** Bytes nobody asked for are waiting. */
  boolean hasUnread() throws IOException {
    return replies.hasUnread();
  }

  /**
   * Whether so many whole answers are there, or what makes an answer impossible.
   *
   * @param deadline until when they are waited for, as {@link System#nanoTime}
   */
  boolean hasAnswers(int count, long deadline) {
    try {
      return replies.holds(count, deadline);
    } catch (IOException e) {
      return true; // who reads them meets it again
    }
  }

  /** Sends one command and waits for its answer. */
  SmtpReply ask(Phase phase, String command) throws SmtpException {
    command(phase, command);
    flush(phase);
    return answer(phase);
  }

  /** Puts one command into the buffer. */
  void command(Phase phase, String command) throws SmtpException {
    byte[] bytes = command.getBytes(StandardCharsets.UTF_8);
    for (byte each : bytes) {
      // The last wall: whatever was checked before, a command is one line.
      if (each == '\r' || each == '\n' || each == 0) {
        throw new SmtpException(
            phase, 0, "A command would have had more than one line; it is not sent.");
      }
    }
    write(phase, bytes, 0, bytes.length);
    write(phase, new byte[] {'\r', '\n'}, 0, 2);
  }

  void write(Phase phase, byte[] bytes, int from, int length) throws SmtpException {
    if (length > BUFFER_BYTES - buffered) {
      flush(phase);
    }
    if (length > BUFFER_BYTES) {
      send(phase, bytes, from, length);
    } else {
      System.arraycopy(bytes, from, buffer, buffered, length);
      buffered += length;
    }
  }

  /** Hands everything buffered to the network. */
  void flush(Phase phase) throws SmtpException {
    if (buffered > 0) {
      int length = buffered;
      buffered = 0;
      send(phase, buffer, 0, length);
    }
  }

  SmtpReply answer(Phase phase) throws SmtpException {
    return answer(phase, relay.terms().timeouts().answer());
  }

  SmtpReply answer(Phase phase, Duration patience) throws SmtpException {
    try {
      SmtpReply reply = replies.read(patience);
      if (reply.code() == SmtpReply.CLOSING) {
        usable = false;
      }
      return reply;
    } catch (IOException e) {
      throw lost(phase, e);
    }
  }

  /** Forgets a mail that was begun; a server that cannot is not spoken to again. */
  void reset() {
    try {
      if (usable && !ask(Phase.MAIL, "RSET").isPositive()) {
        usable = false;
      }
    } catch (SmtpException e) {
      usable = false;
    }
  }

  /** Ends the session politely, without waiting long for the farewell. */
  void quit() {
    try {
      if (usable) {
        command(Phase.CONNECT, "QUIT");
        flush(Phase.CONNECT);
        answer(Phase.CONNECT, FAREWELL);
      }
    } catch (SmtpException e) {
      // It ends either way.
    }
    cut();
  }

  /**
   * Ends the connection at once; a mail without its final dot is then thrown away by the server.
   */
  void cut() {
    usable = false;
    try {
      wire.close();
    } catch (IOException e) {
      // It is gone either way.
    }
  }

  /** Cuts the connection when the server has not taken for too long what is being written. */
  void cutIfStuck(long nanoTime) {
    long limit = writtenBy;
    if (limit != 0 && nanoTime - limit > 0) {
      cut();
    }
  }

  private void send(Phase phase, byte[] bytes, int from, int length) throws SmtpException {
    writtenBy = Math.max(1, System.nanoTime() + relay.terms().timeouts().write().toNanos());
    try {
      out.write(bytes, from, length);
      out.flush();
    } catch (IOException e) {
      throw lost(phase, e);
    } finally {
      writtenBy = 0;
    }
  }

  private SmtpException lost(Phase phase, IOException fault) {
    usable = false;
    String text = fault.getMessage() == null ? fault.toString() : fault.getMessage();
    return new SmtpException(phase, 0, text + " (" + relay.describe() + ")", fault);
  }
}
