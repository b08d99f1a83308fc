package dev.retour.messages;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether an event carries an ERP document, and which file may come with it.
 *
 * @param attachment null when no file is accepted
 */
record DocumentDefinition(boolean required, @Nullable AttachmentDefinition attachment) {
  /**
   * Which file is accepted.
   *
   * @param bytesMax its length
   * @param stores from which the event may name it instead of bringing it; empty: it brings it
   */
  record AttachmentDefinition(
      boolean required, int bytesMax, List<String> contentTypes, List<String> stores) {
    AttachmentDefinition {
      contentTypes = List.copyOf(contentTypes);
      stores = List.copyOf(stores);
    }
  }
}
