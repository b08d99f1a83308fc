package dev.retour.delivery;

import dev.retour.domains.Route;
import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.io.OutputStream;
import org.eclipse.angus.mail.smtp.SMTPMessage;
import org.jspecify.annotations.Nullable;

/**
 * The mail of one attempt as camel-mail's producer takes it: ready bytes, an envelope of its own,
 * and a moment between the last byte and the final dot.
 *
 * <p>The envelope never comes from the headers: what is written there is for people.
 */
public final class PackageMessage extends SMTPMessage {
  /** What must be durable before the final dot goes out. */
  interface BeforeFinalDot {
    /**
     * Commits {@code body_sent}.
     *
     * @throws IOException when it cannot: the connection is cut and the server discards the mail
     */
    void commit() throws IOException;
  }

  private final byte[] raw;
  private final String messageId;
  private final InternetAddress recipient;
  private final BeforeFinalDot beforeFinalDot;
  private volatile boolean begun;
  private String domain = "";
  private Route route = new Route.Smarthost(null);
  private @Nullable String reply;

  PackageMessage(
      Session session,
      MailContentStore.Content content,
      String envelopeFrom,
      InternetAddress recipient,
      BeforeFinalDot beforeFinalDot) {
    super(session);
    this.raw = content.raw();
    this.messageId = content.messageId();
    this.recipient = recipient;
    this.beforeFinalDot = beforeFinalDot;
    setEnvelopeFrom(envelopeFrom);
    this.saved = true;
  }

  @Override
  public void writeTo(OutputStream out, String @Nullable [] ignoredHeaders) throws IOException {
    begun = true;
    out.write(raw);
    out.flush();
    beforeFinalDot.commit();
  }

  @Override
  public Address[] getAllRecipients() {
    return new Address[] {recipient};
  }

  @Override
  public String getMessageID() {
    return messageId;
  }

  @Override
  public int getSize() {
    return raw.length;
  }

  /** Nothing to save: the bytes are final. */
  @Override
  public void saveChanges() throws MessagingException {
    this.saved = true;
  }

  /** Sets the way out. */
  void sendTo(String recipientDomain, Route way) {
    this.domain = recipientDomain;
    this.route = way;
  }

  /** The recipient's domain, as it is counted. */
  String domain() {
    return domain;
  }

  Route route() {
    return route;
  }

  /** True once the relay has agreed to take the body and a first byte of it may have gone out. */
  boolean isBegun() {
    return begun;
  }

  void accepted(String serverReply) {
    this.reply = serverReply;
  }

  /** The server's answer to the final dot, once there is one. */
  public String serverAnswer() {
    return reply == null ? "" : reply;
  }
}
