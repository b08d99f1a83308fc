package dev.retour.messages;

import dev.retour.config.YamlFields;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the recipient of a profile event comes from (spec C1, C2). */
record RecipientSource(String enrichment, String field) {

  /** Reads {@code recipient: {enrichment, field}}; null: the event brings its recipient. */
  static @Nullable RecipientSource parse(YamlFields root, List<Enrichment> enrichments) {
    YamlFields recipient = root.child("recipient");
    if (recipient == null) {
      return null;
    }
    RecipientSource source =
        new RecipientSource(recipient.required("enrichment"), recipient.required("field"));
    recipient.refuseUnknown();
    for (Enrichment enrichment : enrichments) {
      if (enrichment.id().equals(source.enrichment())) {
        source.check(recipient, enrichment);
        return source;
      }
    }
    recipient.faultAt(
        "enrichment", "There is no enrichment \"" + source.enrichment() + "\" of the event.");
    return source;
  }

  private void check(YamlFields recipient, Enrichment of) {
    boolean address =
        of.fields().stream()
            .anyMatch(
                one -> one.id().equals(field) && one.type() == FieldType.EMAIL && one.required());
    if (!address) {
      recipient.faultAt(
          "field", "\"field\" names a field of that enrichment of type email with required: true.");
    }
    if (of.rules().ifMissing() == Enrichment.IfMissing.EMPTY) {
      recipient.faultAt(
          "enrichment", "The recipient cannot be empty: let this enrichment fail or wait.");
    }
    if (of.query().parameters().contains("email")) {
      recipient.faultAt(
          "enrichment", "This enrichment looks for the address; it cannot be joined by :email.");
    }
  }
}
