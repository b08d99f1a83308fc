package dev.retour.app;

import dev.retour.config.Settings;
import dev.retour.events.EventsConfig;
import dev.retour.events.References;
import dev.retour.store.Sources;
import java.nio.file.Path;
import java.time.InstantSource;

/** From where events may name files in the running process: read, and watched. */
final class AttachmentsPart {
  private AttachmentsPart() {}

  /**
   * Reads the file.
   *
   * @param sources the databases of stores that are tables
   * @throws dev.retour.events.ReferenceRulesException when it has a fault
   */
  static References load(
      Settings settings, Sources sources, InstantSource clock, Reloader reloader) {
    Path file = EventsConfig.from(settings).attachmentStores();
    References references = References.load(file, new SourceTables(sources), clock);
    reloader.watch(file, RulesReload.attachments(references, file));
    return references;
  }
}
