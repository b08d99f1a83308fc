package dev.retour.messages;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether an event carries an ERP document, and which file may come with it.
 *
 * @param attachment null when no file is accepted
 */
record DocumentDefinition(boolean required, @Nullable AttachmentDefinition attachment) {
  /** Which file is accepted. */
  record AttachmentDefinition(boolean required, int bytesMax, List<String> contentTypes) {
    AttachmentDefinition {
      contentTypes = List.copyOf(contentTypes);
    }
  }
}
