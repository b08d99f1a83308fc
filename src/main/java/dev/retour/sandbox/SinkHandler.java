package dev.retour.sandbox;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.subethamail.smtp.DropConnectionException;
import org.subethamail.smtp.MessageContext;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.server.Session;

/** One mail transaction with the sink: the recipients decide what happens. */
final class SinkHandler implements MessageHandler {
  private static final Logger log = LoggerFactory.getLogger(SinkHandler.class);

  private static final int CUT_AFTER_BYTES = 64;

  private final SmtpSink sink;
  private final Session session;
  private final List<String> recipients = new ArrayList<>();
  private final Set<Behaviour> behaviours = EnumSet.noneOf(Behaviour.class);
  private @Nullable String from;

  SinkHandler(SmtpSink sink, MessageContext context) {
    this.sink = sink;
    // The library offers no other way to cut a connection without an answer.
    this.session = (Session) context;
  }

  @Override
  public void from(String address) {
    from = address;
  }

  @Override
  public void recipient(String address) throws RejectException {
    Behaviour behaviour = Behaviour.of(address);
    switch (behaviour) {
      case UNKNOWN ->
          throw new RejectException(
              550, "5.1.1 <" + address + ">: Recipient address rejected: User unknown");
      case FULL ->
          throw new RejectException(
              452, "4.2.2 <" + address + ">: The email account is over quota, try again later");
      case GREYLISTED -> {
        if (sink.isFirstAttempt(address.toLowerCase(Locale.ROOT))) {
          throw new RejectException(
              451, "4.7.1 <" + address + ">: Greylisted, please try again in 1 minute");
        }
      }
      default -> {}
    }
    recipients.add(address);
    behaviours.add(behaviour);
  }

  @Override
  public @Nullable String data(InputStream data) throws RejectException, IOException {
    if (behaviours.contains(Behaviour.CUT)) {
      var unused = data.readNBytes(CUT_AFTER_BYTES);
      throw cut();
    }
    byte[] raw = data.readNBytes(sink.sizeMaxBytes() + 1);
    if (raw.length > sink.sizeMaxBytes()) {
      throw refuse(data, 552, "5.3.4 Message size exceeds fixed limit");
    }
    if (behaviours.contains(Behaviour.SPAM)) {
      throw refuse(data, 554, "5.7.1 Message rejected: content looks like spam");
    }
    CapturedMail mail;
    try {
      mail = sink.take(requireNonNull(from), recipients, raw);
    } catch (IOException | UncheckedIOException e) {
      log.error("The sandbox cannot keep a mail; its sender is asked to try it later.", e);
      throw refuse(data, 452, "4.3.1 Insufficient system storage");
    }
    if (behaviours.contains(Behaviour.SLOW)) {
      sink.keepWaiting();
    }
    if (behaviours.contains(Behaviour.DROP)) {
      throw cut();
    }
    return "2.0.0 Ok: queued as " + Long.toHexString(mail.id()).toUpperCase(Locale.ROOT);
  }

  @Override
  public void done() {
    // Nothing to give back: a transaction holds no resource.
  }

  private DropConnectionException cut() throws IOException {
    session.closeSocket();
    // The answer goes into the closed socket; the client sees only the end of the connection.
    return new DropConnectionException(421, "4.4.2 connection cut");
  }

  // The library neither reads the rest nor ends the transaction after a refused body, so the next
  // MAIL FROM on a kept connection would be answered 503 (RFC 5321 section 4.1.1.4 ends it).
  private RejectException refuse(InputStream data, int code, String text) throws IOException {
    data.transferTo(java.io.OutputStream.nullOutputStream());
    session.resetMailTransaction();
    return new RejectException(code, text);
  }
}
