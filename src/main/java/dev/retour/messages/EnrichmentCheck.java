package dev.retour.messages;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retour.config.FileFault;
import dev.retour.store.SourceAnswer;
import dev.retour.store.Sources;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Has each statement prepared by its source before a message is published: a wrong one is found by
 * its author, not by a customer's event. A source that is away is a warning.
 */
final class EnrichmentCheck {
  private final EventDefinition definition;
  private final Sources sources;
  private final List<FileFault> faults;
  private final List<String> warnings;

  EnrichmentCheck(
      EventDefinition definition, Sources sources, List<FileFault> faults, List<String> warnings) {
    this.definition = definition;
    this.sources = sources;
    this.faults = faults;
    this.warnings = warnings;
  }

  void check() {
    JsonNode ctx = SamplePayload.full(definition).path("ctx");
    Map<String, Object> event =
        EnrichmentParameters.of(definition.shape().fields(), ctx)
            .with("email", "customer@example.com")
            .with("documentId", "SAMPLE-1")
            .values();
    definition.shape().enrichments().forEach(each -> check(each, event));
    for (CollectionDefinition collection : definition.shape().collections()) {
      for (Enrichment each : collection.enrichments()) {
        Map<String, Object> values = new HashMap<>(event);
        values.put(each.join(), ItemJoin.of(collection, each, ctx.path(collection.id())).keys());
        check(each, values);
      }
    }
  }

  private void check(Enrichment enrichment, Map<String, Object> samples) {
    SourceAnswer answer = sources.columns(enrichment.source(), enrichment.query(), samples);
    if (answer instanceof SourceAnswer.Refused refused) {
      fault(enrichment, refused.because());
    } else if (answer instanceof SourceAnswer.Away away) {
      warnings.add("The statement of " + enrichment.id() + " was not checked: " + away.because());
    } else if (answer instanceof SourceAnswer.Rows rows && !rows.columns().isEmpty()) {
      for (FieldDefinition field : enrichment.fields()) {
        require(enrichment, rows.columns(), Enrichment.column(field.id()));
        if (field.type() == FieldType.MONEY) {
          require(enrichment, rows.columns(), Enrichment.currencyColumn(field.id()));
        }
      }
      if (!enrichment.join().isEmpty()) {
        require(enrichment, rows.columns(), Enrichment.column(enrichment.join()));
      }
    }
  }

  private void require(Enrichment enrichment, List<String> columns, String column) {
    if (!columns.contains(column)) {
      fault(enrichment, "The statement has no column " + column + "; name it with AS.");
    }
  }

  private void fault(Enrichment enrichment, String text) {
    faults.add(new FileFault(definition.file(), enrichment.line(), text));
  }
}
