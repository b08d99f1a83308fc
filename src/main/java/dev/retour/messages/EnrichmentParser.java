package dev.retour.messages;

import dev.retour.config.YamlFields;
import dev.retour.messages.Enrichment.IfMissing;
import dev.retour.store.ReadOnlyQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads {@code enrichment: [{id, source, sql, fields, ifMissing, waitUpTo, every}]} of an event,
 * and the same with {@code join} of a collection.
 */
final class EnrichmentParser {
  private static final int ENRICHMENTS_MAX = 10;
  private static final Duration WAIT_MAX = Duration.ofDays(30);
  private static final Duration WAIT_DEFAULT = Duration.ofHours(1);
  private static final Duration EVERY_MIN = Duration.ofSeconds(1);
  private static final Duration EVERY_DEFAULT = Duration.ofMinutes(1);

  /** What every event has beside its fields. */
  private static final Set<String> ALWAYS = Set.of("email", "documentId");

  private static final String NOTHING = "SELECT 1";

  private final List<FieldDefinition> event;
  private final List<FieldDefinition> item;

  private EnrichmentParser(List<FieldDefinition> event, List<FieldDefinition> item) {
    this.event = event;
    this.item = item;
  }

  /** Those of the event as a whole. */
  static List<Enrichment> ofEvent(YamlFields root, List<FieldDefinition> fields) {
    return new EnrichmentParser(fields, List.of()).list(root, false);
  }

  /** Those of the items of a collection. */
  static List<Enrichment> ofItems(
      YamlFields collection, List<FieldDefinition> item, List<FieldDefinition> event) {
    return new EnrichmentParser(event, item).list(collection, true);
  }

  private List<Enrichment> list(YamlFields of, boolean items) {
    List<Enrichment> enrichments = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (YamlFields entry : of.children("enrichment")) {
      Enrichment enrichment = enrichment(entry, items);
      if (!ids.add(enrichment.id())) {
        entry.faultAt("id", "The enrichment \"" + enrichment.id() + "\" is defined twice.");
      }
      if (items && item.stream().anyMatch(field -> field.id().equals(enrichment.id()))) {
        entry.faultAt("id", "The id \"" + enrichment.id() + "\" is taken by a field.");
      }
      enrichments.add(enrichment);
    }
    if (enrichments.size() > ENRICHMENTS_MAX) {
      of.faultAt("enrichment", "There are at most " + ENRICHMENTS_MAX + " enrichments.");
    }
    return enrichments;
  }

  private Enrichment enrichment(YamlFields entry, boolean items) {
    String join = items ? join(entry) : "";
    List<FieldDefinition> fields = FieldParser.fields(entry);
    if (fields.isEmpty()) {
      entry.faultAt("fields", "An enrichment names the \"fields\" it brings.");
    }
    Enrichment enrichment =
        new Enrichment(
            FieldParser.id(entry),
            entry.required("source"),
            query(entry, join),
            join,
            fields,
            rules(entry),
            entry.line("sql"));
    entry.refuseUnknown();
    return enrichment;
  }

  private String join(YamlFields entry) {
    String join = entry.required("join");
    boolean known =
        item.stream().anyMatch(field -> field.id().equals(join) && isParameter(field.type()));
    if (!known && !join.isEmpty()) {
      entry.faultAt("join", "\"join\" names a field of the items, a text or a whole number.");
    }
    return join;
  }

  /** An amount has two parts; which one would be compared? */
  private static boolean isParameter(FieldType type) {
    return type != FieldType.MONEY;
  }

  private ReadOnlyQuery query(YamlFields entry, String join) {
    String sql = entry.required("sql");
    try {
      ReadOnlyQuery query = ReadOnlyQuery.parse(sql.isEmpty() ? NOTHING : sql);
      if (!sql.isEmpty()) {
        check(entry, query, join);
      }
      return query;
    } catch (IllegalArgumentException e) {
      entry.faultAt("sql", String.valueOf(e.getMessage()));
      return ReadOnlyQuery.parse(NOTHING);
    }
  }

  private void check(YamlFields entry, ReadOnlyQuery query, String join) {
    Set<String> unknown = query.parameters();
    unknown.removeAll(ALWAYS);
    event.stream()
        .filter(field -> isParameter(field.type()))
        .map(FieldDefinition::id)
        .forEach(unknown::remove);
    unknown.remove(join);
    if (!unknown.isEmpty()) {
      entry.faultAt(
          "sql",
          "There is no field for :"
              + String.join(", :", unknown)
              + "; a statement is joined by fields of the event that are no amounts.");
    }
    if (!join.isEmpty() && !query.parameters().contains(join)) {
      entry.faultAt(
          "sql",
          "One statement asks for all items at once: it contains = ANY(:"
              + join
              + ") and the column "
              + join
              + ".");
    } else if (query.parameters().isEmpty()) {
      entry.faultAt("sql", "Without a parameter every event would get the same values.");
    }
  }

  private static Enrichment.Rules rules(YamlFields entry) {
    IfMissing ifMissing = entry.choice("ifMissing", IfMissing.FAIL);
    Duration waitUpTo = entry.duration("waitUpTo");
    Duration every = entry.duration("every");
    if (ifMissing != IfMissing.WAIT && (waitUpTo != null || every != null)) {
      entry.faultAt("ifMissing", "\"waitUpTo\" and \"every\" belong to \"ifMissing: wait\".");
    }
    Duration most = waitUpTo == null ? WAIT_DEFAULT : waitUpTo;
    Duration distance = every == null ? EVERY_DEFAULT : every;
    if (most.compareTo(WAIT_MAX) > 0 || most.isZero()) {
      entry.faultAt("waitUpTo", "\"waitUpTo\" is more than 0s and at most 30d.");
    }
    if (distance.compareTo(EVERY_MIN) < 0 || distance.compareTo(WAIT_MAX) > 0) {
      entry.faultAt("every", "\"every\" is at least 1s: each look is a query.");
    }
    return new Enrichment.Rules(ifMissing, most, distance);
  }
}
