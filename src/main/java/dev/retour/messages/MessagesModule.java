package dev.retour.messages;

import org.apache.camel.spi.Registry;

/** Creates the room's beans and names them. */
public final class MessagesModule {
  /** The one place where the bean's name is written in Java. */
  public static final String MESSAGES = "messages";

  private MessagesModule() {}

  /**
   * Loads the messages; takes a moment, and may be done beside other things.
   *
   * @throws MessageSetException when a message has a fault
   */
  public static Messages load(MessagesConfig config) {
    return new Messages(MessageLibrary.load(config), new PayloadReader(config));
  }

  /** Binds the room's beans. */
  public static void bind(Registry registry, Messages messages) {
    registry.bind(MESSAGES, messages);
  }
}
