package dev.retour.delivery;

import dev.retour.qualification.Phase;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Hands one mail over in an open session: MAIL, RCPT, DATA, the bytes, the final dot (RFC 5321
 * section 3.3), the commands at once where the server offers it (RFC 2920).
 *
 * <p>What makes doubles impossible is the order at the end: the bytes have gone out, {@code
 * body_sent} is committed, only then the final dot follows.
 */
final class SmtpTransaction {
  private static final int SIZE_EXCEEDED = 552;
  private static final byte[] FINAL_DOT = {'.', '\r', '\n'};

  private final SmtpConnection connection;
  private final PackageMessage message;
  private final MailPath from;
  private final MailPath recipient;
  private final MailOctets octets;

  /**
   * @throws SmtpException a permanent failure when this mail cannot go over this session at all
   */
  SmtpTransaction(SmtpConnection connection, PackageMessage message) throws SmtpException {
    this.connection = connection;
    this.message = message;
    this.from = MailPath.of(message.envelope().from());
    this.recipient = MailPath.of(message.envelope().recipient());
    this.octets = MailOctets.of(message.raw());
    requireOffered();
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
    begin();
    message.begin();
    octets.writeTo(connection);
    connection.flush(Phase.DATA);
    message.commitBodySent();
    requireSilence();
    finalDot();
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
      connection.write(Phase.BODY, FINAL_DOT, 0, FINAL_DOT.length);
      connection.flush(Phase.BODY);
    } catch (SmtpException e) {
      throw connection.isEncrypted()
          ? e
          : new UnsentDotException(String.valueOf(e.getMessage()), e);
    }
  }

  private SmtpReply test() throws SmtpException {
    SmtpReply mail = connection.ask(Phase.MAIL, mailCommand());
    requirePositive(mailPhase(mail), mail);
    SmtpReply rcpt = connection.ask(Phase.RCPT, rcptCommand());
    requirePositive(Phase.RCPT, rcpt);
    connection.reset();
    return rcpt;
  }

  /** Until the server waits for the bytes. */
  private void begin() throws SmtpException {
    if (connection.relay().terms().pipelining() && connection.extensions().has("PIPELINING")) {
      pipelined();
      return;
    }
    SmtpReply mail = connection.ask(Phase.MAIL, mailCommand());
    requirePositive(mailPhase(mail), mail);
    requirePositive(Phase.RCPT, connection.ask(Phase.RCPT, rcptCommand()));
    requireStart(connection.ask(Phase.DATA, "DATA"));
  }

  private void pipelined() throws SmtpException {
    connection.command(Phase.MAIL, mailCommand());
    connection.command(Phase.RCPT, rcptCommand());
    connection.command(Phase.DATA, "DATA");
    connection.flush(Phase.MAIL);
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

  private String mailCommand() {
    StringBuilder command = new StringBuilder(160).append("MAIL FROM:").append(from.text());
    SmtpExtensions offered = connection.extensions();
    if (offered.has("SIZE")) {
      command.append(" SIZE=").append(octets.size());
    }
    if (octets.isEightBit()) {
      command.append(" BODY=8BITMIME");
    }
    if (needsUtf8()) {
      command.append(" SMTPUTF8");
    }
    if (asksForReports()) {
      command.append(" RET=HDRS");
      if (!message.envelope().reference().isEmpty()) {
        command.append(" ENVID=").append(Xtext.of(message.envelope().reference()));
      }
    }
    return command.toString();
  }

  private String rcptCommand() {
    String command = "RCPT TO:" + recipient.text();
    if (!asksForReports()) {
      return command;
    }
    boolean arrivals = connection.relay().terms().dsn() == Relay.Dsn.SUCCESS;
    return command
        + (arrivals ? " NOTIFY=SUCCESS,FAILURE" : " NOTIFY=FAILURE")
        + (recipient.isAscii() ? " ORCPT=rfc822;" + Xtext.of(recipient.address()) : "");
  }

  private boolean asksForReports() {
    return connection.relay().terms().dsn() != Relay.Dsn.DEFAULT
        && connection.extensions().has("DSN");
  }

  private boolean needsUtf8() {
    return !from.isAscii() || !recipient.isAscii() || octets.hasEightBitHeader();
  }

  private void requireOffered() throws SmtpException {
    SmtpExtensions offered = connection.extensions();
    String server = connection.relay().describe();
    if (needsUtf8() && !offered.has("SMTPUTF8")) {
      throw new SmtpException(
          Phase.DATA,
          553,
          "553 5.6.7 The address or a header field is not ASCII and "
              + server
              + " does not offer SMTPUTF8 (RFC 6531); nothing was sent.");
    }
    if (octets.isEightBit() && !offered.has("8BITMIME")) {
      throw new SmtpException(
          Phase.DATA,
          554,
          "554 5.6.3 The mail is not in 7 bits and "
              + server
              + " does not offer 8BITMIME (RFC 6152); nothing was sent.");
    }
    if (offered.sizeMax() > 0 && octets.size() > offered.sizeMax()) {
      throw new SmtpException(
          Phase.DATA,
          SIZE_EXCEEDED,
          "552 5.3.4 The mail has "
              + octets.size()
              + " bytes and "
              + server
              + " takes at most "
              + offered.sizeMax()
              + " (SIZE, RFC 1870); nothing was sent.");
    }
  }

  /** A refusal of the size (RFC 1870 section 6.1) is about the mail, all others are about us. */
  private static Phase mailPhase(SmtpReply reply) {
    return reply.code() == SIZE_EXCEEDED ? Phase.DATA : Phase.MAIL;
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
