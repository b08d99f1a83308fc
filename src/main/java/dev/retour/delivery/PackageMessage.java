package dev.retour.delivery;

import dev.retour.domains.Route;
import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The mail of one attempt as camel-mail's producer takes it: ready bytes, an envelope of its own,
 * and a moment between the last byte and the final dot.
 */
public final class PackageMessage extends MimeMessage {
  /** What must be durable before the final dot goes out. */
  interface BeforeFinalDot {
    /**
     * Commits {@code body_sent}.
     *
     * @throws IOException when it cannot: the connection is cut and the server discards the mail
     */
    void commit() throws IOException;
  }

  /** Holds nothing: relays and their protection are the pools'. */
  static final Session SESSION = Session.getInstance(new Properties());

  private final byte[] raw;
  private final String messageId;
  private final Envelope envelope;
  private final BeforeFinalDot beforeFinalDot;
  private volatile boolean begun;
  private String domain = "";
  private Route route = new Route.Smarthost(null);
  private @Nullable String reply;
  private SmtpVolley.@Nullable Handover handover;
  private @Nullable MessagingException unopened;

  PackageMessage(
      MailContentStore.Content content, Envelope envelope, BeforeFinalDot beforeFinalDot) {
    super(SESSION);
    this.raw = content.raw();
    this.messageId = content.messageId();
    this.envelope = envelope;
    this.beforeFinalDot = beforeFinalDot;
    this.saved = true;
  }

  @Override
  public void writeTo(OutputStream out, String @Nullable [] ignoredHeaders) throws IOException {
    out.write(raw);
  }

  @Override
  public Address[] getAllRecipients() {
    InternetAddress shown = new InternetAddress();
    shown.setAddress(envelope.recipient());
    return new Address[] {shown};
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
  public void saveChanges() {
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

  byte[] raw() {
    return raw;
  }

  Envelope envelope() {
    return envelope;
  }

  void begin() {
    begun = true;
  }

  /**
   * True once the relay has agreed to take the body, and a first byte of it may have gone out or
   * {@code body_sent} is committed: from then on it is not simply sent anew.
   */
  boolean isBegun() {
    return begun;
  }

  /** Remembers how far a volley got with it. */
  void leave(SmtpVolley.Handover begun) {
    handover = begun;
  }

  /** Remembers why a volley found no session for it. */
  void leave(MessagingException why) {
    unopened = why;
  }

  /** Why a volley found no session for it; null: it did, or was not asked. */
  @Nullable MessagingException unopened() {
    return unopened;
  }

  /** How far a volley got with it; from now on it is the caller's. */
  SmtpVolley.@Nullable Handover takeHandover() {
    SmtpVolley.Handover begun = handover;
    handover = null;
    return begun;
  }

  /** True when a volley began it and somebody is to finish it. */
  boolean isLeft() {
    return handover != null;
  }

  boolean isAccepted() {
    return reply != null;
  }

  void commitBodySent() throws IOException {
    beforeFinalDot.commit();
  }

  void accepted(String serverReply) {
    this.reply = serverReply;
  }

  /** True when nothing was handed over because this is the SMTP test mode. */
  public boolean isTest() {
    return envelope.purpose() == Envelope.Purpose.SMTP_TEST;
  }

  /** The server's answer to the final dot, once there is one; in a test that to RCPT. */
  public String serverAnswer() {
    return reply == null ? "" : reply;
  }
}
