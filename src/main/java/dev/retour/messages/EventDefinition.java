package dev.retour.messages;

import dev.retour.mail.OnUncertain;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code event.yaml} says. */
record EventDefinition(
    String id,
    String description,
    Shape shape,
    Sender sender,
    Handling handling,
    Language language,
    Map<String, HeaderTemplate> headers) {
  EventDefinition {
    headers = new LinkedHashMap<>(headers);
  }

  String file() {
    return id + "/event.yaml";
  }

  /** The fields of {@code ctx}, the document, and the files beside it. */
  record Shape(
      List<FieldDefinition> fields,
      List<CollectionDefinition> collections,
      @Nullable DocumentDefinition document,
      @Nullable AttachmentsDefinition attachments) {
    /** No files beside the document. */
    Shape(
        List<FieldDefinition> fields,
        List<CollectionDefinition> collections,
        @Nullable DocumentDefinition document) {
      this(fields, collections, document, null);
    }

    Shape {
      fields = List.copyOf(fields);
      collections = List.copyOf(collections);
    }
  }

  /** Who the mail comes from; an empty name or replyTo means none. */
  record Sender(String address, String name, String replyTo) {}

  /** How the work package is treated. */
  record Handling(int priority, OnUncertain onUncertain, Duration validity) {}

  /**
   * In which language a mail is written.
   *
   * @param tag of the files without a language in their name
   * @param fields that ask for one, the best first
   */
  record Language(String tag, List<String> fields) {
    Language {
      fields = List.copyOf(fields);
    }
  }

  /** The template of one further header. */
  record HeaderTemplate(String text, int line) {}
}
