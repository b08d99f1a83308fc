package dev.retour.messages;

import dev.retour.config.YamlFields;
import dev.retour.messages.EventDefinition.Language;
import dev.retour.messages.EventDefinition.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads in which language a mail is written (spec A4, 7): {@code languages: {from:
 * [contactLanguage, customer.language], else: en}} with fields of the event and of enrichments, or
 * short {@code language: en} and {@code languageField: language}.
 */
final class LanguageParser {
  private static final int SOURCES_MAX = 10;

  private LanguageParser() {}

  static Language parse(YamlFields root, Shape shape) {
    YamlFields chain = root.child("languages");
    String field = root.text("languageField", "");
    if (chain == null) {
      Language language = new Language(tag(root, "language"), fields(List.of(field)));
      requireFields(root, "languageField", language.fields(), shape);
      return language;
    }
    if (!field.isEmpty() || root.has("language")) {
      root.faultAt(
          "languages",
          "\"languages\" stands for \"language\" and \"languageField\"; leave these out.");
    }
    Language language = new Language(tag(chain, "else"), fields(chain.texts("from")));
    if (language.fields().isEmpty() || language.fields().size() > SOURCES_MAX) {
      chain.faultAt("from", "\"from\" names 1 to " + SOURCES_MAX + " fields, the best one first.");
    }
    requireFields(chain, "from", language.fields(), shape);
    chain.refuseUnknown();
    return language;
  }

  private static String tag(YamlFields entry, String key) {
    String tag = entry.text(key, "en");
    if (Locale.forLanguageTag(tag).getLanguage().isEmpty()) {
      entry.faultAt(key, "\"" + tag + "\" is no language such as en, de, de-AT (BCP 47).");
    }
    return tag;
  }

  /** A field may be named as templates name it. */
  private static List<String> fields(List<String> names) {
    List<String> fields = new ArrayList<>();
    for (String name : names) {
      if (!name.isEmpty()) {
        fields.add(name.startsWith("ctx.") ? name.substring("ctx.".length()) : name);
      }
    }
    return fields;
  }

  private static void requireFields(YamlFields entry, String key, List<String> names, Shape shape) {
    for (String name : names) {
      int dot = name.indexOf('.');
      List<FieldDefinition> fields =
          dot < 0
              ? shape.fields()
              : shape.enrichments().stream()
                  .filter(one -> one.id().equals(name.substring(0, dot)))
                  .flatMap(one -> one.fields().stream())
                  .toList();
      String field = name.substring(dot + 1);
      if (fields.stream()
          .noneMatch(one -> one.id().equals(field) && one.type() == FieldType.STRING)) {
        entry.faultAt(key, "There is no field \"" + name + "\" of type string.");
      }
    }
  }
}
