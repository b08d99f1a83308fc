package dev.retour.messages;

/** A mail ready to be stored and sent; it is never rendered again. */
public final class RenderedMail {
  private final String subject;
  private final String messageId;
  private final byte[] raw;

  RenderedMail(String subject, String messageId, byte[] raw) {
    this.subject = subject;
    this.messageId = messageId;
    this.raw = raw;
  }

  /** The subject as a reader sees it, on one line, not encoded. */
  public String subject() {
    return subject;
  }

  /** With angle brackets, as requested. */
  public String messageId() {
    return messageId;
  }

  /**
   * The whole message of RFC 5322: CRLF line ends, only 7-bit characters, no line over 998 octets,
   * no line of the body that begins with a dot. Not a copy.
   */
  public byte[] raw() {
    return raw;
  }

  @Override
  public String toString() {
    return messageId + " (" + raw.length + " bytes)";
  }
}
