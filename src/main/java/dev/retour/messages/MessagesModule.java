package dev.retour.messages;

import org.apache.camel.spi.Registry;

/** Creates the room's beans and names them. */
public final class MessagesModule {
  /** The one place where the bean's name is written in Java. */
  public static final String MESSAGES = "messages";

  private MessagesModule() {}

  /**
   * Loads the messages and binds {@link Messages}.
   *
   * @throws MessageSetException when a message has a fault
   */
  public static Messages bind(Registry registry, MessagesConfig config) {
    Messages messages = new Messages(MessageLibrary.load(config), new PayloadReader(config));
    registry.bind(MESSAGES, messages);
    return messages;
  }
}
