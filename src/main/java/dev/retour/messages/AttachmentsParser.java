package dev.retour.messages;

import dev.retour.config.YamlFields;
import dev.retour.messages.DocumentDefinition.AttachmentDefinition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code document} and {@code attachments} of an {@code event.yaml}. */
final class AttachmentsParser {
  private static final int COUNT_LIMIT = 25;
  private static final int COUNT_MAX_DEFAULT = 5;
  private static final int BYTES_LIMIT = 50_000_000;
  private static final int BYTES_MAX_DEFAULT = 5_000_000;
  private static final int TOTAL_BYTES_MAX_DEFAULT = 10_000_000;
  private static final int STORE_CHARS_MAX = 40;

  private AttachmentsParser() {}

  /** Null when the event carries none. */
  static @Nullable DocumentDefinition document(YamlFields root) {
    YamlFields document = root.child("document");
    if (document == null) {
      return null;
    }
    boolean required = document.flag("required", true);
    YamlFields attachment = document.child("attachment");
    DocumentDefinition definition =
        new DocumentDefinition(required, attachment == null ? null : file(attachment, true));
    if (attachment != null) {
      attachment.refuseUnknown();
    }
    document.refuseUnknown();
    return definition;
  }

  /** Null when the event carries none. */
  static @Nullable AttachmentsDefinition attachments(YamlFields root) {
    YamlFields entry = root.child("attachments");
    if (entry == null) {
      return null;
    }
    AttachmentDefinition each = file(entry, false);
    int max = entry.number("max", 1, COUNT_LIMIT, COUNT_MAX_DEFAULT);
    int totalBytesMax =
        entry.number(
            "totalBytesMax", 1, BYTES_LIMIT, Math.max(each.bytesMax(), TOTAL_BYTES_MAX_DEFAULT));
    if (totalBytesMax < each.bytesMax()) {
      entry.faultAt(
          "totalBytesMax",
          "\"totalBytesMax\" must not be less than \"bytesMax\", " + each.bytesMax() + ".");
    }
    entry.refuseUnknown();
    return new AttachmentsDefinition(each, max, totalBytesMax);
  }

  private static AttachmentDefinition file(YamlFields entry, boolean requiredByDefault) {
    boolean required = entry.flag("required", requiredByDefault);
    int bytesMax = entry.number("bytesMax", 1, BYTES_LIMIT, BYTES_MAX_DEFAULT);
    List<String> contentTypes = entry.texts("contentTypes");
    if (contentTypes.isEmpty()) {
      entry.faultAt(
          "contentTypes", "\"contentTypes\" must name at least one, such as application/pdf.");
    }
    for (String contentType : contentTypes) {
      if (!HeaderField.isMediaType(contentType)) {
        entry.faultAt(
            "contentTypes", "\"" + contentType + "\" is no media type a mail can attach.");
      }
    }
    List<String> stores = entry.texts("stores");
    for (String store : stores) {
      if (!isStore(store)) {
        entry.faultAt(
            "stores",
            "\"" + store + "\" must be the id of a store: letters, digits, - and _, at most 40.");
      }
    }
    return new AttachmentDefinition(required, bytesMax, contentTypes, stores);
  }

  private static boolean isStore(String id) {
    return id.length() <= STORE_CHARS_MAX
        && id.chars()
            .allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || c == '-' || c == '_'));
  }
}
