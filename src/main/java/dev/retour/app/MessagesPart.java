package dev.retour.app;

import dev.retour.config.Settings;
import dev.retour.messages.MessageSetException;
import dev.retour.messages.Messages;
import dev.retour.messages.MessagesConfig;
import dev.retour.messages.MessagesModule;
import dev.retour.store.Database;
import dev.retour.store.Sources;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The messages in the running process: in force, and their folder, where what is saved counts. */
final class MessagesPart {
  private static final Logger log = LoggerFactory.getLogger(MessagesPart.class);

  private final MessagesConfig config;
  private final MessagesModule room;
  private final boolean saved;

  /**
   * @param sources what messages may ask
   * @param sandbox whether mails go nowhere; then what is saved is in force, unless the settings
   *     say otherwise
   * @throws MessageSetException when this is the first start and the folder has a fault
   */
  MessagesPart(
      Settings settings, Database database, InstantSource clock, boolean sandbox, Sources sources) {
    this.config = MessagesConfig.from(settings);
    this.room = new MessagesModule(config, database.jdbi(), clock, InstantSource.system(), sources);
    this.saved = config.publish().isSaved(sandbox);
    int first = room.saved().publishFirst();
    if (first > 0) {
      log.info("The first start: {} messages of the folder are in force as version 1.", first);
    }
  }

  Messages messages() {
    return room.messages();
  }

  MessagesModule room() {
    return room;
  }

  /** Where what is saved counts, it comes in force within a second or two. */
  void watch(Reloader reloader) {
    if (saved) {
      reloader.watchUnread(config.messages(), reloadable());
    }
  }

  private Reloadable reloadable() {
    return new Reloadable() {
      @Override
      public String name() {
        return "messages";
      }

      @Override
      public void reload() throws ReloadFaultException {
        publishSaved();
      }
    };
  }

  private void publishSaved() throws ReloadFaultException {
    try {
      List<String> ids = room.saved().publishSaved();
      if (!ids.isEmpty()) {
        log.info("What was saved is in force: {}.", String.join(", ", ids));
      }
    } catch (MessageSetException e) {
      throw new ReloadFaultException(
          e.faults().stream()
              .map(fault -> new Fault(fault.file(), fault.line(), fault.text()))
              .toList());
    }
  }
}
