package dev.retour.erp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.delivery.Callback;
import dev.retour.delivery.ToldFact;
import org.jspecify.annotations.Nullable;

/** The body of a callback; {@code docs/callback.schema.json} describes it. */
final class CallbackBody {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private CallbackBody() {}

  /** The same bytes for each attempt. */
  static byte[] of(Callback callback) {
    ToldFact fact = callback.fact();
    ObjectNode body = JSON.createObjectNode();
    body.put("type", fact.fact().type());
    body.put("timestamp", fact.at().toString());
    ObjectNode data = body.putObject("data");
    data.put("sequence", callback.sequence());
    put(data, "tenant", fact.tenant());
    put(data, "eventId", fact.mail().eventId());
    put(data, "eventType", fact.mail().eventType());
    put(data, "document", fact.mail().document());
    var packages = data.putArray("packages");
    if (fact.about() != null) {
      packages.add(fact.about());
    }
    var recipients = data.putArray("recipients");
    if (!fact.recipient().isEmpty()) {
      recipients.add(fact.recipient());
    }
    put(data, "role", fact.mail().role());
    put(data, "generation", fact.mail().generation());
    put(data, "attempts", fact.mail().attempts());
    put(data, "state", fact.state());
    ToldFact.Trouble failure = fact.failure();
    if (failure != null) {
      put(data, "failureType", failure.type());
      put(data, "reason", failure.reason());
      put(data, "text", failure.text());
    }
    ToldFact.Change change = fact.change();
    if (change != null) {
      put(data, "cause", change.cause());
      put(data, "by", change.by());
      put(data, "before", change.before());
    }
    try {
      return JSON.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Plain JSON cannot be written.", e);
    }
  }

  private static void put(ObjectNode json, String name, @Nullable Object value) {
    if (value instanceof Integer number) {
      json.put(name, number);
    } else if (value != null) {
      json.put(name, value.toString());
    }
  }
}
