package dev.retour.messages;

import java.time.InstantSource;
import org.jdbi.v3.core.Jdbi;

/** Creates the room's beans; routes reach them only through other rooms. */
public final class MessagesModule {
  private final Messages messages;
  private final MessageLifecycle lifecycle;
  private final MessageFolders folders;
  private final MessageTransfer transfer;

  /**
   * Begins with what the database says is in force.
   *
   * @param realTime real time, also when {@code clock} is moved
   */
  public MessagesModule(
      MessagesConfig config, Jdbi jdbi, InstantSource clock, InstantSource realTime) {
    PublishedMessages published = new PublishedMessages(jdbi, realTime, config);
    published.refresh();
    this.messages = new Messages(published, new PayloadReader(config));
    this.lifecycle = new MessageLifecycle(jdbi, clock, config, published);
    this.folders = new MessageFolders(jdbi, config, lifecycle, published);
    this.transfer = new MessageTransfer(jdbi, clock, config, lifecycle);
  }

  /** The messages in force. */
  public Messages messages() {
    return messages;
  }

  /** What changes what is in force. */
  public MessageLifecycle lifecycle() {
    return lifecycle;
  }

  /** From one installation to another. */
  public MessageTransfer transfer() {
    return transfer;
  }

  /** The folder beside what is in force. */
  public MessageFolders folders() {
    return folders;
  }
}
