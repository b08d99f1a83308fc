package dev.retour.messages;

import dev.retour.config.YamlFields;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads {@code fields}: of an event, of the items of a collection, of an enrichment. */
final class FieldParser {
  private static final int ID_CHARS_MAX = 30;

  /** As the document calls the type; the shorter word is older here. */
  private static final String EMAIL_ALIAS = "e-mail";

  private FieldParser() {}

  static List<FieldDefinition> fields(YamlFields of) {
    List<FieldDefinition> fields = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (YamlFields entry : of.children("fields")) {
      FieldDefinition field = field(entry);
      if (!ids.add(field.id())) {
        entry.faultAt("id", "The field \"" + field.id() + "\" is defined twice.");
      }
      fields.add(field);
    }
    return fields;
  }

  private static FieldDefinition field(YamlFields entry) {
    String id = id(entry);
    FieldType type = type(entry, id);
    int charsMax = entry.number("maxLength", 1, FieldType.CHARS_LIMIT, type.charsMaxDefault());
    if (entry.has("maxLength") && type.charsMaxDefault() == 0) {
      entry.faultAt("maxLength", "A field of type " + type.label() + " has no length.");
    }
    Map<String, Map<String, String>> labels = new LinkedHashMap<>();
    List<String> values = values(entry, labels);
    if (!values.isEmpty() && type != FieldType.STRING) {
      entry.faultAt("values", "Only a field of type string can have \"values\".");
    }
    List<String> domains = entry.texts("domains");
    if (!domains.isEmpty() && type != FieldType.URL) {
      entry.faultAt("domains", "Only a field of type url can have \"domains\".");
    }
    FieldDefinition field =
        new FieldDefinition(
            id,
            type,
            entry.flag("required", false),
            charsMax,
            values,
            domains,
            entry.text("description", ""),
            labels);
    entry.refuseUnknown();
    return field;
  }

  private static FieldType type(YamlFields entry, String id) {
    if (!entry.has("type")) {
      entry.faultAt("type", "The field \"" + id + "\" has no \"type\".");
      return FieldType.STRING;
    }
    if (entry.isText("type") && EMAIL_ALIAS.equals(entry.text("type"))) {
      return FieldType.EMAIL;
    }
    FieldType type = entry.choice("type", List.of(FieldType.values()), FieldType::label);
    return type == null ? FieldType.STRING : type;
  }

  /** Plain, or {@code {value, label}}; a label is a text, or one for each language. */
  private static List<String> values(YamlFields entry, Map<String, Map<String, String>> labels) {
    List<String> values = new ArrayList<>();
    for (Node node : entry.list("values", 0)) {
      if (!(node instanceof MappingNode)) {
        String plain = entry.text("values", node);
        if (plain != null) {
          values.add(plain.strip());
        }
        continue;
      }
      YamlFields labelled = entry.of(node, "Each value");
      if (labelled != null) {
        String value = labelled.required("value");
        values.add(value);
        labels.put(value, labels(labelled));
        labelled.refuseUnknown();
      }
    }
    if (new HashSet<>(values).size() < values.size()) {
      entry.faultAt("values", "A value is given twice.");
    }
    return values;
  }

  private static Map<String, String> labels(YamlFields labelled) {
    if (labelled.has("label") && !labelled.isText("label")) {
      Map<String, String> byLanguage = new LinkedHashMap<>();
      YamlFields each = labelled.child("label");
      if (each != null) {
        for (String tag : each.keys()) {
          if (Locale.forLanguageTag(tag).getLanguage().isEmpty()) {
            each.faultAt(tag, "\"" + tag + "\" is no language such as en, de (BCP 47).");
          }
          byLanguage.put(tag.toLowerCase(Locale.ROOT), each.required(tag));
        }
      }
      if (byLanguage.isEmpty()) {
        labelled.faultAt("label", "\"label\" has no text.");
      }
      return byLanguage;
    }
    return Map.of("", labelled.required("label"));
  }

  /** A letter, then letters, digits or _. */
  static String id(YamlFields entry) {
    String id = entry.required("id");
    boolean right =
        id.length() <= ID_CHARS_MAX
            && !id.isEmpty()
            && Character.isLetter(id.charAt(0))
            && id.chars().allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || c == '_'));
    if (!right && !id.isEmpty()) {
      entry.faultAt(
          "id",
          "The id \""
              + id
              + "\" must be a letter and then letters, digits or _, at most "
              + ID_CHARS_MAX
              + " characters.");
    }
    return id;
  }
}
