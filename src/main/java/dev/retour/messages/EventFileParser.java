package dev.retour.messages;

import dev.retour.config.Setting;
import dev.retour.messages.DocumentDefinition.AttachmentDefinition;
import dev.retour.messages.EventDefinition.Handling;
import dev.retour.messages.EventDefinition.HeaderTemplate;
import dev.retour.messages.EventDefinition.Language;
import dev.retour.messages.EventDefinition.Sender;
import dev.retour.messages.EventDefinition.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads {@code event.yaml}. Collects faults instead of stopping at the first. */
final class EventFileParser {
  static final int ID_CHARS_MAX = 64;
  private static final int FIELD_ID_CHARS_MAX = 30;
  private static final int ITEMS_LIMIT = 1_000;
  private static final int ITEMS_MAX_DEFAULT = 100;
  private static final int ATTACHMENT_BYTES_LIMIT = 50_000_000;
  private static final int ATTACHMENT_BYTES_MAX_DEFAULT = 5_000_000;
  private static final Duration VALIDITY_DEFAULT = Duration.ofDays(5);
  private static final Set<Integer> PRIORITIES = Set.of(1, 3, 5, 7, 9);

  private final String folder;
  private final List<MessageFault> faults;

  EventFileParser(String folder, List<MessageFault> faults) {
    this.folder = folder;
    this.faults = faults;
  }

  /** The definition; nothing when the file has a fault, which is then in the list of faults. */
  Optional<EventDefinition> parse(String yaml) {
    int before = faults.size();
    Optional<EventDefinition> definition =
        YamlMapping.parse(folder + "/event.yaml", yaml, faults).map(this::definition);
    return faults.size() == before ? definition : Optional.empty();
  }

  private EventDefinition definition(YamlMapping root) {
    String id = root.required("id");
    if (!id.isEmpty() && !id.equals(folder)) {
      root.fault("id", "The id \"" + id + "\" must be the name of the folder, " + folder + ".");
    }
    String description = root.required("description");
    Shape shape = shape(root);
    EventDefinition definition =
        new EventDefinition(
            folder,
            description,
            shape,
            sender(root),
            handling(root),
            language(root, shape),
            headers(root));
    root.refuseUnknown();
    return definition;
  }

  private static Sender sender(YamlMapping root) {
    String replyTo = root.text("replyTo", "");
    if (!replyTo.isEmpty() && !AddressFormat.isValid(replyTo)) {
      root.fault("replyTo", "\"" + replyTo + "\" is no mail address.");
    }
    Optional<YamlMapping> from = root.mapping("from");
    if (from.isEmpty()) {
      root.fault("from", "\"from\" with \"address\" and \"name\" is missing.");
      return new Sender("", "", replyTo);
    }
    String address = from.get().required("address");
    if (!address.isEmpty() && !AddressFormat.isValid(address)) {
      from.get().fault("address", "\"" + address + "\" is no mail address.");
    }
    Sender sender = new Sender(address, from.get().text("name", ""), replyTo);
    from.get().refuseUnknown();
    return sender;
  }

  private static Handling handling(YamlMapping root) {
    int priority = root.number("priority", 5, 1, 9);
    if (!PRIORITIES.contains(priority)) {
      root.fault("priority", "\"priority\" must be 1, 3, 5, 7 or 9; 1 goes first.");
    }
    OnUncertain onUncertain =
        root.parsed(
            "onUncertain",
            OnUncertain.HOLD,
            text ->
                Stream.of(OnUncertain.values())
                    .filter(value -> value.label().equals(text))
                    .findFirst()
                    .orElseThrow(
                        () -> new IllegalArgumentException("must be \"hold\" or \"resend\"")));
    return new Handling(
        priority, onUncertain, root.parsed("validity", VALIDITY_DEFAULT, Setting::parseDuration));
  }

  private static Language language(YamlMapping root, Shape shape) {
    String tag = root.text("language", "en");
    if (Locale.forLanguageTag(tag).getLanguage().isEmpty()) {
      root.fault("language", "\"" + tag + "\" is no language such as en, de, de-AT (BCP 47).");
    }
    String field = root.text("languageField", "");
    if (field.isEmpty()) {
      return new Language(tag, null);
    }
    if (shape.fields().stream()
        .noneMatch(one -> one.id().equals(field) && one.type() == FieldType.STRING)) {
      root.fault("languageField", "There is no field \"" + field + "\" of type string.");
    }
    return new Language(tag, field);
  }

  private static Map<String, HeaderTemplate> headers(YamlMapping root) {
    Map<String, HeaderTemplate> headers = new LinkedHashMap<>();
    root.mapping("headers")
        .ifPresent(
            mapping -> {
              for (String name : mapping.keys()) {
                if (HeaderField.isFree(name)) {
                  headers.put(name, new HeaderTemplate(mapping.required(name), mapping.line(name)));
                } else {
                  mapping.fault(
                      name,
                      "\""
                          + name
                          + "\" is no header a message may set; use one that begins with X- or"
                          + " one of Organization, Keywords, Importance, Precedence.");
                }
              }
            });
    return headers;
  }

  private Shape shape(YamlMapping root) {
    List<FieldDefinition> fields = fields(root);
    List<CollectionDefinition> collections = new ArrayList<>();
    Set<String> ids = fields.stream().map(FieldDefinition::id).collect(Collectors.toSet());
    for (YamlMapping entry : root.mappings("collections")) {
      CollectionDefinition collection =
          new CollectionDefinition(
              id(entry),
              entry.flag("required", false),
              entry.number("itemsMax", ITEMS_MAX_DEFAULT, 1, ITEMS_LIMIT),
              fields(entry),
              entry.text("description", ""));
      if (!ids.add(collection.id())) {
        entry.fault("id", "The id \"" + collection.id() + "\" is taken.");
      }
      if (collection.fields().isEmpty()) {
        entry.fault("id", "The collection \"" + collection.id() + "\" has no fields.");
      }
      entry.refuseUnknown();
      collections.add(collection);
    }
    return new Shape(fields, collections, document(root));
  }

  private static List<FieldDefinition> fields(YamlMapping of) {
    List<FieldDefinition> fields = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (YamlMapping entry : of.mappings("fields")) {
      FieldDefinition field = field(entry);
      if (!ids.add(field.id())) {
        entry.fault("id", "The field \"" + field.id() + "\" is defined twice.");
      }
      fields.add(field);
    }
    return fields;
  }

  private static FieldDefinition field(YamlMapping entry) {
    String id = id(entry);
    FieldType type = entry.parsed("type", FieldType.STRING, text -> type(text));
    if (!entry.has("type")) {
      entry.fault("type", "The field \"" + id + "\" has no \"type\".");
    }
    int charsMax = entry.number("maxLength", type.charsMaxDefault(), 1, FieldType.CHARS_LIMIT);
    if (entry.has("maxLength") && type.charsMaxDefault() == 0) {
      entry.fault("maxLength", "A field of type " + type.label() + " has no length.");
    }
    List<String> values = entry.texts("values");
    if (!values.isEmpty() && type != FieldType.STRING) {
      entry.fault("values", "Only a field of type string can have \"values\".");
    }
    List<String> domains = entry.texts("domains");
    if (!domains.isEmpty() && type != FieldType.URL) {
      entry.fault("domains", "Only a field of type url can have \"domains\".");
    }
    FieldDefinition field =
        new FieldDefinition(
            id,
            type,
            entry.flag("required", false),
            charsMax,
            values,
            domains,
            entry.text("description", ""));
    entry.refuseUnknown();
    return field;
  }

  private static FieldType type(String text) {
    for (FieldType type : FieldType.values()) {
      if (type.label().equals(text)) {
        return type;
      }
    }
    throw new IllegalArgumentException(
        "must be one of "
            + Stream.of(FieldType.values())
                .map(FieldType::label)
                .collect(Collectors.joining(", ")));
  }

  private static String id(YamlMapping entry) {
    String id = entry.required("id");
    boolean right =
        id.length() <= FIELD_ID_CHARS_MAX
            && !id.isEmpty()
            && Character.isLetter(id.charAt(0))
            && id.chars().allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || c == '_'));
    if (!right && !id.isEmpty()) {
      entry.fault(
          "id",
          "The id \""
              + id
              + "\" must be a letter and then letters, digits or _, at most "
              + FIELD_ID_CHARS_MAX
              + " characters.");
    }
    return id;
  }

  private static @Nullable DocumentDefinition document(YamlMapping root) {
    Optional<YamlMapping> mapping = root.mapping("document");
    if (mapping.isEmpty()) {
      return null;
    }
    YamlMapping document = mapping.get();
    boolean required = document.flag("required", true);
    AttachmentDefinition attachment =
        document.mapping("attachment").map(EventFileParser::file).orElse(null);
    document.refuseUnknown();
    return new DocumentDefinition(required, attachment);
  }

  private static AttachmentDefinition file(YamlMapping entry) {
    boolean required = entry.flag("required", true);
    int bytesMax =
        entry.number("bytesMax", ATTACHMENT_BYTES_MAX_DEFAULT, 1, ATTACHMENT_BYTES_LIMIT);
    List<String> contentTypes = entry.texts("contentTypes");
    if (contentTypes.isEmpty()) {
      entry.fault(
          "contentTypes", "\"contentTypes\" must name at least one, such as application/pdf.");
    }
    for (String contentType : contentTypes) {
      if (!HeaderField.isMediaType(contentType)) {
        entry.fault("contentTypes", "\"" + contentType + "\" is no media type a mail can attach.");
      }
    }
    entry.refuseUnknown();
    return new AttachmentDefinition(required, bytesMax, contentTypes);
  }
}
