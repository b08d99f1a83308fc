package dev.retour.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * An event to try a message with: what a client would send, and under {@code "enriched"} what other
 * databases would say of it; they are never asked for a profile.
 *
 * @param given null: the profile says nothing about other databases
 */
record TestProfile(JsonNode request, @Nullable JsonNode given) {
  private static final String ENRICHED = "enriched";

  static TestProfile of(JsonNode body) {
    if (!(body instanceof ObjectNode object) || !object.has(ENRICHED)) {
      return new TestProfile(body, null);
    }
    ObjectNode request = object.deepCopy();
    return new TestProfile(request, request.remove(ENRICHED));
  }
}
