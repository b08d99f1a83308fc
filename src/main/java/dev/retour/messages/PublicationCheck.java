package dev.retour.messages;

import dev.retour.store.Sources;

/** Checks drafts by all that a publication needs: the settings, and the databases it may ask. */
record PublicationCheck(MessagesConfig config, Sources sources) {
  /**
   * Checks a draft.
   *
   * @throws MessageSetException with every fault
   */
  Publication of(Draft draft) {
    return Publication.of(draft, config, sources);
  }

  /** What the folder holds of a message. */
  MessageFiles files(String id) {
    return MessageFiles.read(config.messages(), id);
  }
}
