package dev.retour.messages;

import dev.retour.config.Settings;
import java.util.Map;

/** Messages straight from a folder, all in force: for tests of those who only use messages. */
public final class FolderMessages {
  private FolderMessages() {}

  /** Those of the project. */
  public static Messages shipped() {
    return of(MessagesConfig.from(Settings.of(Map.of())));
  }

  static Messages of(MessagesConfig config) {
    return new Messages(MessageLibrary.load(config), new PayloadReader(config));
  }
}
