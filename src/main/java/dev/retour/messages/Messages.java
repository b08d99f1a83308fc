package dev.retour.messages;

import java.util.concurrent.CompletableFuture;

/** The messages in force. A new set replaces the old one as a whole, between two mails. */
public final class Messages {
  private volatile CompletableFuture<MessageLibrary> library;
  private final PayloadReader reader;

  /** Starts with a set that is perhaps still being compiled. */
  Messages(CompletableFuture<MessageLibrary> library, PayloadReader reader) {
    this.library = library;
    this.reader = reader;
  }

  /**
   * The set in force; hold on to it for as long as one event is worked on. Waits while the first
   * one is being compiled.
   *
   * @throws java.util.concurrent.CompletionException with the {@link MessageSetException} when the
   *     first set has a fault
   */
  public MessageLibrary library() {
    return library.join();
  }

  /** Puts another checked set in force. */
  public void replace(MessageLibrary next) {
    library = CompletableFuture.completedFuture(next);
  }

  /** Reads the body of a request within the limits of the settings. */
  public PayloadReader.Reading read(byte[] body) {
    return reader.read(body);
  }
}
