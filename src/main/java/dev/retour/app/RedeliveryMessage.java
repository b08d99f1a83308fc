package dev.retour.app;

import dev.retour.config.Settings;
import dev.retour.messages.EventType;
import dev.retour.messages.MessageLibrary;
import dev.retour.messages.Messages;
import dev.retour.messages.MessagesConfig;
import dev.retour.messages.MessagesModule;
import dev.retour.store.Database;
import dev.retour.store.StoreConfig;
import dev.retour.store.StoreException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * How long the mails of a message are tried, and what says so: the version in force, or its folder
 * where none is in force or the database is away.
 *
 * @param version 0: the folder
 * @param validity as {@code event.yaml} has it
 * @param source what says so, behind the id
 */
record RedeliveryMessage(String id, int version, Duration validity, String source) {

  /**
   * Looks it up; nothing when there is neither a version in force nor a folder.
   *
   * @throws dev.retour.messages.MessageSetException when the folder is asked and cannot be compiled
   * @throws StartupException with one sentence when the database answers, but not this
   */
  static Optional<RedeliveryMessage> find(Settings settings, String id) {
    MessagesConfig config = MessagesConfig.from(settings);
    try (Database database = Database.connect(StoreConfig.from(settings))) {
      return inForce(database, config, id)
          .or(() -> folder(config, id, "no version of it is in force that can be used"));
    } catch (StoreException e) {
      return folder(config, id, String.valueOf(e.getMessage()));
    }
  }

  private static Optional<RedeliveryMessage> inForce(
      Database database, MessagesConfig config, String id) {
    InstantSource clock = InstantSource.system();
    try {
      Messages messages = new MessagesModule(config, database.jdbi(), clock, clock).messages();
      return messages.published(id).map(type -> of(type, "in version " + type.version()));
    } catch (RuntimeException e) {
      throw StartupFaults.sentence(e);
    }
  }

  private static Optional<RedeliveryMessage> folder(
      MessagesConfig config, String id, String because) {
    return MessageLibrary.find(config, id)
        .map(type -> of(type, "as its folder says: " + because.replaceFirst("[.]$", "")));
  }

  private static RedeliveryMessage of(EventType type, String source) {
    return new RedeliveryMessage(type.id(), type.version(), type.validity(), source);
  }
}
