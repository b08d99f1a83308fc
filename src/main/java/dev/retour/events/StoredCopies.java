package dev.retour.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.messages.DeliveryWishes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Further recipients as a row keeps them. */
final class StoredCopies {
  private StoredCopies() {}

  static @Nullable String json(DeliveryWishes wishes) {
    if (wishes.copies().isEmpty()) {
      return null;
    }
    ObjectNode json = StoredDocument.JSON.createObjectNode();
    ArrayNode cc = json.putArray("cc");
    wishes.cc().forEach(cc::add);
    ArrayNode bcc = json.putArray("bcc");
    wishes.bcc().forEach(bcc::add);
    return json.toString();
  }

  static DeliveryWishes read(
      @Nullable String copies, @Nullable String inCharge, @Nullable Duration tellAfter) {
    JsonNode json =
        copies == null ? StoredDocument.JSON.createObjectNode() : StoredDocument.tree(copies);
    return new DeliveryWishes(texts(json.path("cc")), texts(json.path("bcc")), inCharge, tellAfter);
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(each -> texts.add(each.asText()));
    return texts;
  }
}
