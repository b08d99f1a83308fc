package dev.retour.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.messages.Enrichment.IfMissing;
import dev.retour.messages.EnrichmentAnswer.Failed;
import dev.retour.messages.EnrichmentAnswer.Found;
import dev.retour.messages.EnrichmentAnswer.Later;
import dev.retour.messages.EnrichmentAnswer.Missing;
import dev.retour.store.SourceAnswer;
import dev.retour.store.Sources;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks other databases for what an event does not bring (spec C2): one statement an enrichment, and
 * one for all items of a collection. Whoever calls this waits, a few seconds at most for each
 * statement, and holds no transaction meanwhile.
 */
public final class Enricher {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Sources sources;

  public Enricher(Sources sources) {
    this.sources = sources;
  }

  /**
   * Asks for everything an event needs; the first thing that stands in the way is the answer.
   *
   * @param email null as long as the recipient is not known
   */
  public EnrichmentAnswer enrich(
      EventType type, JsonNode ctx, @Nullable String email, @Nullable String documentId) {
    EventDefinition.Shape shape = type.shape();
    EnrichmentParameters event =
        EnrichmentParameters.of(shape.fields(), ctx)
            .with("email", email)
            .with("documentId", documentId);
    ObjectNode values = JSON.objectNode();
    for (Enrichment each : shape.enrichments()) {
      Answered answered = ofEvent(type, each, event);
      if (answered.stop() != null) {
        return answered.stop();
      }
      set(values, each, answered.values());
    }
    for (CollectionDefinition collection : shape.collections()) {
      if (!collection.enrichments().isEmpty()) {
        EnrichmentAnswer stop = ofItems(type, collection, ctx, event, values);
        if (stop != null) {
          return stop;
        }
      }
    }
    RecipientSource recipient = shape.recipient();
    return new Found(
        values,
        recipient == null
            ? null
            : values.path(recipient.enrichment()).path(recipient.field()).asText());
  }

  /** Either values, which may be none, or why to stop. */
  private record Answered(@Nullable JsonNode values, @Nullable EnrichmentAnswer stop) {}

  private static void set(ObjectNode values, Enrichment enrichment, @Nullable JsonNode found) {
    if (found != null) {
      values.set(enrichment.id(), found);
    }
  }

  private Answered ofEvent(EventType type, Enrichment enrichment, EnrichmentParameters event) {
    Map<String, Object> bound = event.values();
    SourceAnswer answer = sources.query(enrichment.source(), enrichment.query(), bound, 1);
    if (!(answer instanceof SourceAnswer.Rows rows)) {
      return new Answered(null, later(enrichment, answer));
    }
    String which = event.shown(enrichment.query().parameters());
    if (rows.more()) {
      return new Answered(null, several(enrichment, which));
    }
    return rows.rows().isEmpty()
        ? new Answered(null, missing(enrichment, which))
        : checked(type, enrichment, rows.rows().get(0), "/" + enrichment.id());
  }

  private @Nullable EnrichmentAnswer ofItems(
      EventType type,
      CollectionDefinition collection,
      JsonNode ctx,
      EnrichmentParameters event,
      ObjectNode values) {
    JsonNode items = ctx.path(collection.id());
    ArrayNode found = values.putArray(collection.id());
    items.forEach(item -> found.addObject());
    for (Enrichment each : collection.enrichments()) {
      EnrichmentAnswer stop =
          items.isEmpty() ? null : ofItems(type, collection, each, items, event, found);
      if (stop != null) {
        return stop;
      }
    }
    return null;
  }

  private @Nullable EnrichmentAnswer ofItems(
      EventType type,
      CollectionDefinition collection,
      Enrichment enrichment,
      JsonNode items,
      EnrichmentParameters event,
      ArrayNode found) {
    ItemJoin join = ItemJoin.of(collection, enrichment, items);
    if (join.keys().isEmpty()) {
      return missing(enrichment, "items without " + enrichment.join());
    }
    Map<String, Object> bound = new HashMap<>(event.values());
    bound.put(enrichment.join(), join.keys());
    int most = join.keys().size();
    SourceAnswer answer = sources.query(enrichment.source(), enrichment.query(), bound, most);
    if (!(answer instanceof SourceAnswer.Rows rows)) {
      return later(enrichment, answer);
    }
    String column = Enrichment.column(enrichment.join());
    Map<String, Map<String, Object>> byKey = new HashMap<>();
    for (Map<String, Object> row : rows.rows()) {
      if (byKey.put(ItemJoin.key(row.get(column)), row) != null) {
        return several(enrichment, enrichment.join() + "=" + shown(row.get(column)));
      }
    }
    if (rows.more()) {
      return several(enrichment, "one of the " + collection.id());
    }
    for (int i = 0; i < items.size(); i++) {
      JsonNode item = items.get(i).path(enrichment.join());
      Map<String, Object> row = byKey.get(join.keyOf(item));
      String which = collection.id() + "/" + i;
      if (row == null) {
        EnrichmentAnswer stop =
            missing(enrichment, which + ", " + enrichment.join() + "=" + shown(item.asText()));
        if (stop != null) {
          return stop;
        }
        continue;
      }
      Answered answered = checked(type, enrichment, row, "/" + which + "/" + enrichment.id());
      if (answered.stop() != null) {
        return answered.stop();
      }
      set((ObjectNode) found.get(i), enrichment, answered.values());
    }
    return null;
  }

  private static Answered checked(
      EventType type, Enrichment enrichment, Map<String, Object> row, String at) {
    ObjectNode values = EnrichedRow.json(enrichment.fields(), row);
    List<PayloadFault> faults = type.enrichedValues().faults(enrichment, values, at);
    return faults.isEmpty()
        ? new Answered(values, null)
        : new Answered(
            null,
            new Failed(
                "What the source "
                    + enrichment.source()
                    + " says does not fit: "
                    + faults.get(0)
                    + (faults.size() > 1 ? ", and " + (faults.size() - 1) + " more." : ".")));
  }

  private static EnrichmentAnswer later(Enrichment enrichment, SourceAnswer answer) {
    if (answer instanceof SourceAnswer.Away away) {
      return new Later(away.because(), true);
    }
    String because = ((SourceAnswer.Refused) answer).because();
    return new Later("Enrichment " + enrichment.id() + ": " + because, false);
  }

  private static Failed several(Enrichment enrichment, String which) {
    return new Failed(
        "Enrichment "
            + enrichment.id()
            + ": the source "
            + enrichment.source()
            + " has several rows for "
            + which
            + "; which one is meant cannot be told.");
  }

  /** Null when it may be so. */
  private static @Nullable EnrichmentAnswer missing(Enrichment enrichment, String which) {
    String because =
        "Enrichment "
            + enrichment.id()
            + ": the source "
            + enrichment.source()
            + " has nothing for "
            + which
            + ".";
    Enrichment.Rules rules = enrichment.rules();
    if (rules.ifMissing() == IfMissing.WAIT) {
      return new Missing(because, rules.waitUpTo(), rules.every());
    }
    return rules.ifMissing() == IfMissing.EMPTY ? null : new Failed(because);
  }

  private static String shown(@Nullable Object value) {
    return EnrichmentParameters.shown(String.valueOf(value));
  }
}
