package dev.retour.messages;

/** The messages in force. A new set replaces the old one as a whole, between two mails. */
public final class Messages {
  private volatile MessageLibrary library;
  private final PayloadReader reader;

  Messages(MessageLibrary library, PayloadReader reader) {
    this.library = library;
    this.reader = reader;
  }

  /** The set in force; hold on to it for as long as one event is worked on. */
  public MessageLibrary library() {
    return library;
  }

  /** Puts another checked set in force. */
  public void replace(MessageLibrary next) {
    library = next;
  }

  /** Reads the body of a request within the limits of the settings. */
  public PayloadReader.Reading read(byte[] body) {
    return reader.read(body);
  }
}
