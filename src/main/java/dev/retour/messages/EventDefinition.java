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

  /** The fields of {@code ctx}, and the document. */
  record Shape(
      List<FieldDefinition> fields,
      List<CollectionDefinition> collections,
      @Nullable DocumentDefinition document) {
    Shape {
      fields = List.copyOf(fields);
      collections = List.copyOf(collections);
    }
  }

  /** Who the mail comes from; an empty name or replyTo means none. */
  record Sender(String address, String name, String replyTo) {}

  /** How the work package is treated. */
  record Handling(int priority, OnUncertain onUncertain, Duration validity) {}

  /** The language of the message without a language in its file name, and the field that asks. */
  record Language(String tag, @Nullable String field) {}

  /** The template of one further header. */
  record HeaderTemplate(String text, int line) {}
}
