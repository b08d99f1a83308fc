package dev.retour.events;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Events as JSON, for the interface and the command line alike. All times are UTC. */
public final class EventJson {
  private EventJson() {}

  /** Where an event is found by HTTP. */
  public static String href(String eventType, UUID pkey) {
    return "/api/v1/events/" + URLEncoder.encode(eventType, StandardCharsets.UTF_8) + "/" + pkey;
  }

  /** An event; what does not apply is left out. */
  public static ObjectNode of(EventView event) {
    ObjectNode json = object();
    put(json, "pkey", event.pkey());
    put(json, "href", href(event.eventType(), event.pkey()));
    put(json, "eventType", event.eventType());
    put(json, "status", event.status());
    put(json, "because", event.because());
    put(json, "email", event.email());
    if (event.email() == null) {
      json.put("recipient", "not known yet");
    }
    put(json, "documentId", event.documentId());
    if (event.reason() != null) {
      json.put("reason", event.reason());
    }
    put(json, "fault", event.fault());
    put(json, "receivedAt", event.receivedAt());
    put(json, "scheduled", event.scheduled());
    put(json, "expiration", event.expiration());
    put(json, "dueAt", event.dueAt());
    if (event.version() != null) {
      json.put("version", event.version());
    }
    if (event.workPackage() != null) {
      json.put("workPackage", event.workPackage());
    }
    put(json, "packageState", event.packageState());
    json.put("attempts", event.attempts());
    put(json, "nextAttemptAt", event.nextAttemptAt());
    return json;
  }

  /** The same with what other databases said of it, so that its mail can be explained. */
  public static ObjectNode of(EventView event, Optional<String> enriched) {
    ObjectNode json = of(event);
    enriched.ifPresent(values -> json.set("enriched", StoredDocument.tree(values)));
    return json;
  }

  /** A page; {@code next} leads to the following one. */
  public static ObjectNode of(EventPage page) {
    ObjectNode json = object();
    ArrayNode events = json.putArray("events");
    page.events().forEach(event -> events.add(of(event)));
    json.put("lookedAt", page.lookedAt());
    put(json, "next", page.next());
    return json;
  }

  /** Refused events; {@code next} leads to the following page. */
  public static ObjectNode of(RefusalPage page) {
    ObjectNode json = object();
    ArrayNode refusals = json.putArray("refusals");
    for (RefusalView refusal : page.refusals()) {
      ObjectNode one = refusals.addObject();
      put(one, "at", refusal.at());
      put(one, "eventType", refusal.eventType());
      put(one, "email", refusal.email());
      put(one, "documentId", refusal.documentId());
      put(one, "idempotencyKey", refusal.idempotencyKey());
      one.put("answer", refusal.answer());
      put(one, "because", refusal.because());
    }
    put(json, "next", page.next());
    return json;
  }

  /** Event types. */
  public static ObjectNode of(List<EventTypeView> types) {
    ObjectNode json = object();
    ArrayNode list = json.putArray("eventTypes");
    for (EventTypeView type : types) {
      ObjectNode one = list.addObject();
      put(one, "id", type.id());
      put(one, "state", type.state());
      if (type.version() != null) {
        one.put("version", type.version());
      }
      put(one, "newestEventAt", type.newestEventAt());
    }
    return json;
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static void put(ObjectNode json, String name, @Nullable Object value) {
    if (value != null) {
      json.put(name, value.toString());
    }
  }
}
