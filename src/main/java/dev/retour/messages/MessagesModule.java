package dev.retour.messages;

import java.util.concurrent.CompletableFuture;
import org.apache.camel.spi.Registry;

/** Creates the room's beans and names them. */
public final class MessagesModule {
  /** The one place where the bean's name is written in Java. */
  public static final String MESSAGES = "messages";

  private MessagesModule() {}

  /**
   * Begins to load the messages and binds {@link Messages}; {@link Messages#library} tells whether
   * they are without fault.
   */
  public static Messages bind(Registry registry, MessagesConfig config) {
    Messages messages =
        new Messages(
            CompletableFuture.supplyAsync(() -> MessageLibrary.load(config)),
            new PayloadReader(config));
    registry.bind(MESSAGES, messages);
    return messages;
  }
}
