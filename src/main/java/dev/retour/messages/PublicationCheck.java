package dev.retour.messages;

import dev.retour.store.Sources;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks drafts by all that a publication needs: the settings, and the databases it may ask. */
record PublicationCheck(MessagesConfig config, Sources sources) {
  private static final Logger log = LoggerFactory.getLogger(PublicationCheck.class);

  /**
   * Checks a draft.
   *
   * @throws MessageSetException with every fault
   */
  Publication of(Draft draft) {
    Publication checked = Publication.of(draft, config, sources);
    checked.warnings().forEach(warning -> log.warn("{}: {}", draft.id(), warning));
    return checked;
  }

  /** What the folder holds of a message. */
  MessageFiles files(String id) {
    return MessageFiles.read(config.messages(), id);
  }
}
