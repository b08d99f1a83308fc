package dev.retour.messages;

import dev.retour.config.FileFault;
import dev.retour.config.YamlFields;
import dev.retour.config.YamlFile;
import dev.retour.mail.OnUncertain;
import dev.retour.messages.EventDefinition.Handling;
import dev.retour.messages.EventDefinition.HeaderTemplate;
import dev.retour.messages.EventDefinition.Sender;
import dev.retour.messages.EventDefinition.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads {@code event.yaml}. Collects faults instead of stopping at the first. */
final class EventFileParser {
  static final int ID_CHARS_MAX = 64;
  private static final int ITEMS_LIMIT = 1_000;
  private static final int ITEMS_MAX_DEFAULT = 100;
  private static final Duration VALIDITY_DEFAULT = Duration.ofDays(5);
  private static final Set<Integer> PRIORITIES = Set.of(1, 3, 5, 7, 9);

  private final String folder;
  private final List<FileFault> faults;

  EventFileParser(String folder, List<FileFault> faults) {
    this.folder = folder;
    this.faults = faults;
  }

  /** The definition; nothing when the file has a fault, which is then in the list of faults. */
  Optional<EventDefinition> parse(String yaml) {
    int before = faults.size();
    Optional<EventDefinition> definition =
        mapping(folder + "/event.yaml", yaml).map(this::definition);
    return faults.size() == before ? definition : Optional.empty();
  }

  private Optional<YamlFields> mapping(String file, String yaml) {
    int before = faults.size();
    Node root = YamlFile.compose(file, yaml, faults).orElse(null);
    if (root instanceof MappingNode mapping) {
      return Optional.of(new YamlFields(file, mapping, faults));
    }
    if (faults.size() == before) {
      faults.add(new FileFault(file, 1, "This file begins with keys such as \"id: EVT…\"."));
    }
    return Optional.empty();
  }

  private EventDefinition definition(YamlFields root) {
    String id = root.required("id");
    if (!id.isEmpty() && !id.equals(folder)) {
      root.faultAt("id", "The id \"" + id + "\" must be the name of the folder, " + folder + ".");
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
            LanguageParser.parse(root, shape),
            headers(root));
    root.refuseUnknown();
    return definition;
  }

  private static Sender sender(YamlFields root) {
    String replyTo = root.text("replyTo", "");
    if (!replyTo.isEmpty() && !AddressFormat.isValid(replyTo)) {
      root.faultAt("replyTo", "\"" + replyTo + "\" is no mail address.");
    }
    YamlFields from = root.child("from");
    if (from == null) {
      root.faultAt("from", "\"from\" with \"address\" and \"name\" is missing.");
      return new Sender("", "", replyTo);
    }
    String address = from.required("address");
    if (!address.isEmpty() && !AddressFormat.isValid(address)) {
      from.faultAt("address", "\"" + address + "\" is no mail address.");
    }
    Sender sender = new Sender(address, from.text("name", ""), replyTo);
    from.refuseUnknown();
    return sender;
  }

  private static Handling handling(YamlFields root) {
    int priority = root.number("priority", 1, 9, 5);
    if (!PRIORITIES.contains(priority)) {
      root.faultAt("priority", "\"priority\" must be 1, 3, 5, 7 or 9; 1 goes first.");
    }
    OnUncertain onUncertain =
        root.choice("onUncertain", List.of(OnUncertain.values()), OnUncertain::label);
    Duration validity = root.duration("validity");
    return new Handling(
        priority,
        onUncertain == null ? OnUncertain.HOLD : onUncertain,
        validity == null ? VALIDITY_DEFAULT : validity,
        UnsubscribeParser.category(root),
        RetentionField.parse(root));
  }

  private static Map<String, HeaderTemplate> headers(YamlFields root) {
    Map<String, HeaderTemplate> headers = new LinkedHashMap<>();
    YamlFields given = root.child("headers");
    if (given == null) {
      return headers;
    }
    for (String name : given.keys()) {
      if (HeaderField.isFree(name)) {
        headers.put(name, new HeaderTemplate(given.required(name), given.line(name)));
      } else {
        given.faultAt(
            name,
            "\""
                + name
                + "\" is no header a message may set; use one that begins with X- or"
                + " one of Organization, Keywords, Importance, Precedence.");
      }
    }
    return headers;
  }

  private static Shape shape(YamlFields root) {
    List<FieldDefinition> fields = FieldParser.fields(root);
    List<CollectionDefinition> collections = new ArrayList<>();
    Set<String> ids = fields.stream().map(FieldDefinition::id).collect(Collectors.toSet());
    for (YamlFields entry : root.children("collections")) {
      List<FieldDefinition> item = FieldParser.fields(entry);
      CollectionDefinition collection =
          new CollectionDefinition(
              FieldParser.id(entry),
              entry.flag("required", false),
              entry.number("itemsMax", 1, ITEMS_LIMIT, ITEMS_MAX_DEFAULT),
              item,
              entry.text("description", ""),
              EnrichmentParser.ofItems(entry, item, fields));
      if (!ids.add(collection.id())) {
        entry.faultAt("id", "The id \"" + collection.id() + "\" is taken.");
      }
      if (item.isEmpty()) {
        entry.faultAt("id", "The collection \"" + collection.id() + "\" has no fields.");
      }
      entry.refuseUnknown();
      collections.add(collection);
    }
    List<Enrichment> enrichments = EnrichmentParser.ofEvent(root, fields);
    for (Enrichment enrichment : enrichments) {
      if (!ids.add(enrichment.id())) {
        root.faultAt("enrichment", "The id \"" + enrichment.id() + "\" is taken.");
      }
    }
    RecipientSource recipient = RecipientSource.parse(root, enrichments);
    return new Shape(
        fields,
        collections,
        AttachmentsParser.document(root),
        AttachmentsParser.attachments(root),
        enrichments,
        recipient);
  }
}
