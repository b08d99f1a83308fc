package dev.retour.messages;

import dev.retour.mail.OnUncertain;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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

  /**
   * The fields of {@code ctx}, the document and the files beside it, and what comes from other
   * databases.
   *
   * @param enrichments of the event; collections have their own
   * @param recipient where it comes from; null: the event brings it
   */
  record Shape(
      List<FieldDefinition> fields,
      List<CollectionDefinition> collections,
      @Nullable DocumentDefinition document,
      @Nullable AttachmentsDefinition attachments,
      List<Enrichment> enrichments,
      @Nullable RecipientSource recipient) {
    Shape {
      fields = List.copyOf(fields);
      collections = List.copyOf(collections);
      enrichments = List.copyOf(enrichments);
    }

    /** Nothing comes from elsewhere, and no files beside the document. */
    Shape(
        List<FieldDefinition> fields,
        List<CollectionDefinition> collections,
        @Nullable DocumentDefinition document) {
      this(fields, collections, document, null, List.of(), null);
    }

    /** Every field a template can name, wherever its value comes from. */
    Stream<FieldDefinition> allFields() {
      return Stream.of(
              fields.stream(),
              collections.stream().flatMap(each -> each.fields().stream()),
              allEnrichments().flatMap(each -> each.fields().stream()))
          .flatMap(each -> each);
    }

    /** Those of the event, then those of its collections. */
    Stream<Enrichment> allEnrichments() {
      return Stream.concat(
          enrichments.stream(), collections.stream().flatMap(each -> each.enrichments().stream()));
    }
  }

  /** Who the mail comes from; an empty name or replyTo means none. */
  record Sender(String address, String name, String replyTo) {}

  /**
   * How the work package is treated.
   *
   * @param category what its recipient can unsubscribe from; null: nothing
   * @param retention how long its settled events are kept; null: as the settings say
   */
  record Handling(
      int priority,
      OnUncertain onUncertain,
      Duration validity,
      @Nullable String category,
      @Nullable Duration retention) {}

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
