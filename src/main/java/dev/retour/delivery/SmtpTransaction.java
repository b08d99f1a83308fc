package dev.retour.delivery;

import dev.retour.qualification.Phase;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Hands one mail over in an open session: MAIL, RCPT, DATA, the bytes, the final dot (RFC 5321
 * section 3.3), the commands at once where the server offers it (RFC 2920).
 *
 * <p>What makes doubles impossible is the order at the end: {@code body_sent} is committed, only
 * then the final dot follows. Alone, a mail's bytes go out before the commit; in a volley after it,
 * in the packet of the dot.
 *
 * <p>It goes on from wherever it stands: a {@link SmtpVolley} takes many of them through the same
 * steps side by side, and whoever finishes one that was left behind begins nothing anew.
 */
final class SmtpTransaction {
  /** MAIL, RCPT, DATA. */
  private static final int PIPELINED = 3;

  private static final byte[] FINAL_DOT = {'.', '\r', '\n'};

  private final SmtpConnection connection;
  private final PackageMessage message;
  private final SmtpCommands commands;
  private final MailOctets octets;
  private Step step = Step.NEW;
  private boolean written;

  /** What was done last. */
  private enum Step {
    NEW,
    ASKED,
    STARTED,
    COMMITTED,
    DOTTED
  }

  /**
   * @throws SmtpException a permanent failure when this mail cannot go over this session at all
   */
  SmtpTransaction(SmtpConnection connection, PackageMessage message) throws SmtpException {
    this.connection = connection;
    this.message = message;
    MailPath from = MailPath.of(message.envelope().from());
    MailPath recipient = MailPath.of(message.envelope().recipient());
    this.octets = MailOctets.of(message.raw());
    this.commands =
        new SmtpCommands(
            connection.relay(),
            connection.extensions(),
            from,
            recipient,
            message.envelope().reference(),
            octets);
    commands.requireOffered();
  }

  /**
   * @return the answer that took the mail; in a test the one that took the recipient
   * @throws SmtpException with the refusal or the fault
   * @throws IOException when {@code body_sent} could not be committed: nothing is handed over
   */
  SmtpReply run() throws SmtpException, IOException {
    if (message.isTest()) {
      return test();
    }
    if (step == Step.NEW) {
      if (isPipelined()) {
        ask();
      } else {
        begin();
      }
    }
    if (step == Step.ASKED) {
      awaitStart();
    }
    if (step == Step.STARTED) {
      write();
      message.commitBodySent();
      committed();
    }
    if (step == Step.COMMITTED) {
      dot();
    }
    return answer();
  }

  /** True when all commands may go out before the first is answered. */
  boolean isPipelined() {
    return connection.relay().terms().pipelining() && connection.extensions().has("PIPELINING");
  }

  /** Sends the commands, and waits for no answer. */
  void ask() throws SmtpException {
    step = Step.ASKED;
    connection.command(Phase.MAIL, commands.mail());
    connection.command(Phase.RCPT, commands.rcpt());
    connection.command(Phase.DATA, "DATA");
    connection.flush(Phase.MAIL);
  }

  /**
   * Whether all is there that the server has to say before the next step.
   *
   * @param deadline until when it is waited for, as {@link System#nanoTime}
   */
  boolean isAnswered(long deadline) {
    return connection.hasAnswers(step == Step.ASKED ? PIPELINED : 1, deadline);
  }

  /**
   * The bytes, where they have to go before {@code body_sent} is committed: over TLS, as there a
   * failed write that holds the dot proves nothing. Elsewhere they go in the packet of the dot.
   */
  void writeAhead() throws SmtpException {
    if (connection.isEncrypted()) {
      write();
    }
  }

  /** The bytes, all but the final dot. */
  private void write() throws SmtpException {
    if (!written) {
      message.begin();
      octets.writeTo(connection);
      connection.flush(Phase.DATA);
      written = true;
    }
  }

  /** {@code body_sent} is durable. */
  void committed() {
    message.begin();
    step = Step.COMMITTED;
  }

  /** What has not gone out yet and the final dot, which only follows {@code body_sent}. */
  void dot() throws SmtpException, IOException {
    if (step != Step.COMMITTED) {
      throw new IllegalStateException("body_sent is not committed");
    }
    requireSilence();
    step = Step.DOTTED;
    finalDot();
  }

  /** What the server says to the whole mail. */
  SmtpReply answer() throws SmtpException {
    SmtpReply reply = connection.answer(Phase.BODY, connection.relay().terms().timeouts().data());
    if (!reply.isPositive()) {
      if (!reply.isRefusal()) {
        connection.spoil();
      }
      throw SmtpException.refused(Phase.BODY, reply);
    }
    return reply;
  }

  /**
   * A server that speaks before the final dot has given up (421 mostly). The dot is then not sent:
   * what it said is its answer, and the mail was surely not handed over.
   */
  private void requireSilence() throws SmtpException, IOException {
    if (!connection.hasUnread()) {
      return;
    }
    try {
      SmtpReply early = connection.answer(Phase.DATA);
      if (early.isRefusal()) {
        throw SmtpException.refused(Phase.DATA, early);
      }
      throw new UnsentDotException(
          connection.relay().describe() + " answered before the mail was complete", null);
    } finally {
      connection.cut();
    }
  }

  /** See docs/decisions/0007: which fault of this write proves that the dot never left. */
  private void finalDot() throws SmtpException {
    try {
      if (!written) {
        octets.writeTo(connection);
      }
      connection.write(Phase.BODY, FINAL_DOT, 0, FINAL_DOT.length);
      connection.flush(Phase.BODY);
    } catch (SmtpException e) {
      throw connection.isEncrypted()
          ? e
          : new UnsentDotException(String.valueOf(e.getMessage()), e);
    }
  }

  private SmtpReply test() throws SmtpException {
    SmtpReply mail = connection.ask(Phase.MAIL, commands.mail());
    requirePositive(mailPhase(mail), mail);
    SmtpReply rcpt = connection.ask(Phase.RCPT, commands.rcpt());
    requirePositive(Phase.RCPT, rcpt);
    connection.reset();
    return rcpt;
  }

  /** One command at a time, until the server waits for the bytes. */
  private void begin() throws SmtpException {
    SmtpReply mail = connection.ask(Phase.MAIL, commands.mail());
    requirePositive(mailPhase(mail), mail);
    requirePositive(Phase.RCPT, connection.ask(Phase.RCPT, commands.rcpt()));
    requireStart(connection.ask(Phase.DATA, "DATA"));
    step = Step.STARTED;
  }

  /** The answers to what was asked, until the server waits for the bytes. */
  void awaitStart() throws SmtpException {
    SmtpReply mail = connection.answer(Phase.MAIL);
    SmtpReply rcpt = mail.isPositive() ? connection.answer(Phase.RCPT) : restAfter(mail);
    if (!mail.isPositive()) {
      SmtpReply data = rcpt == null ? null : restAfter(mail);
      unwanted(data, rcpt != null && !rcpt.isPositive());
      throw SmtpException.refused(mailPhase(mail), mail);
    }
    if (rcpt != null && !rcpt.isPositive()) {
      unwanted(restAfter(rcpt), true);
      throw SmtpException.refused(Phase.RCPT, rcpt);
    }
    requireStart(connection.answer(Phase.DATA));
    step = Step.STARTED;
  }

  /** The next answer after a refusal; what may go wrong with it is no news. */
  private @Nullable SmtpReply restAfter(SmtpReply refusal) {
    try {
      return refusal.code() == SmtpReply.CLOSING ? null : connection.answer(Phase.DATA);
    } catch (SmtpException e) {
      return null;
    }
  }

  /**
   * The answer to a DATA that was sent before the refusal was known. If the server waits for bytes
   * all the same, it gets none (RFC 2920 section 3.1) — unless it has a recipient: then even an
   * empty mail would arrive, so the connection is cut.
   */
  private void unwanted(@Nullable SmtpReply data, boolean nobody) {
    if (data == null || !data.isIntermediate()) {
      return;
    }
    if (!nobody) {
      connection.cut();
      return;
    }
    try {
      connection.write(Phase.DATA, FINAL_DOT, 0, FINAL_DOT.length);
      connection.flush(Phase.DATA);
      connection.answer(Phase.DATA);
    } catch (SmtpException e) {
      connection.spoil();
    }
  }

  /** A refusal of the size (RFC 1870 section 6.1) is about the mail, all others are about us. */
  private static Phase mailPhase(SmtpReply reply) {
    return reply.code() == SmtpCommands.SIZE_EXCEEDED ? Phase.DATA : Phase.MAIL;
  }

  private static void requirePositive(Phase phase, SmtpReply reply) throws SmtpException {
    if (!reply.isPositive()) {
      throw SmtpException.refused(phase, reply);
    }
  }

  private static void requireStart(SmtpReply reply) throws SmtpException {
    if (reply.code() != SmtpReply.START_BODY) {
      throw SmtpException.refused(Phase.DATA, reply);
    }
  }
}
