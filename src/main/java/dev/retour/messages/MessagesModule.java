package dev.retour.messages;

import dev.retour.store.Sources;
import java.time.InstantSource;
import org.jdbi.v3.core.Jdbi;

/** Creates the room's beans; routes reach them only through other rooms. */
public final class MessagesModule {
  private final Messages messages;
  private final MessageLifecycle lifecycle;
  private final MessageFolders folders;
  private final SavedMessages saved;
  private final MessageTransfer transfer;
  private final MessagePreview preview;
  private final ProofLog proofs;

  /**
   * What is in force is what the database says, asked when it is first needed.
   *
   * @param realTime real time, also when {@code clock} is moved
   */
  public MessagesModule(
      MessagesConfig config, Jdbi jdbi, InstantSource clock, InstantSource realTime) {
    this(config, jdbi, clock, realTime, Sources.none());
  }

  /**
   * The same where messages may ask other databases.
   *
   * @param sources check the statements of what is published
   */
  public MessagesModule(
      MessagesConfig config,
      Jdbi jdbi,
      InstantSource clock,
      InstantSource realTime,
      Sources sources) {
    PublicationCheck check = new PublicationCheck(config, sources);
    PublishedMessages published = new PublishedMessages(jdbi, realTime, config);
    this.messages = new Messages(published, new PayloadReader(config));
    this.lifecycle = new MessageLifecycle(jdbi, clock, check, published);
    this.folders = new MessageFolders(jdbi, check);
    this.saved = new SavedMessages(jdbi, check, lifecycle, published);
    this.transfer = new MessageTransfer(jdbi, clock, check, lifecycle, published);
    this.preview = new MessagePreview(folders, clock, config);
    this.proofs = new ProofLog(clock);
  }

  /** The messages in force. */
  public Messages messages() {
    return messages;
  }

  /** What changes what is in force. */
  public MessageLifecycle lifecycle() {
    return lifecycle;
  }

  /** What mails would look like. */
  public MessagePreview preview() {
    return preview;
  }

  /** Numbers the proofs. */
  public ProofLog proofs() {
    return proofs;
  }

  /** From one installation to another. */
  public MessageTransfer transfer() {
    return transfer;
  }

  /** What puts the folder in force by itself. */
  public SavedMessages saved() {
    return saved;
  }

  /** The folder beside what is in force. */
  public MessageFolders folders() {
    return folders;
  }
}
