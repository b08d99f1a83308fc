package dev.retour.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * The intent to send a document, as the duplicate guard tells it from others (spec A5).
 *
 * @param tenant whose document it is; empty when there is one tenant only
 * @param document the ERP's number
 * @param version empty when the ERP has none
 * @param action the event type: an invoice and a reminder of it are two intents
 * @param recipients the keys of all recipients, in whatever field
 */
public record SendIntent(
    String tenant,
    String document,
    String version,
    String action,
    NavigableSet<String> recipients) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Copies the set. */
  public SendIntent {
    recipients = new TreeSet<>(recipients);
  }

  static SendIntent of(String json) {
    try {
      JsonNode parts = JSON.readTree(json);
      NavigableSet<String> recipients = new TreeSet<>();
      parts.path("recipients").forEach(each -> recipients.add(each.asText()));
      return new SendIntent(
          parts.path("tenant").asText(),
          parts.path("document").asText(),
          parts.path("version").asText(),
          parts.path("action").asText(),
          recipients);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Stored JSON cannot be read back.", e);
    }
  }

  SendIntent readdressed(String from, String to) {
    NavigableSet<String> others = new TreeSet<>(recipients);
    others.remove(from);
    others.add(to);
    return new SendIntent(tenant, document, version, action, others);
  }

  /** For people; the database keeps it beside the key. */
  String json() {
    ObjectNode parts =
        JSON.createObjectNode()
            .put("tenant", tenant)
            .put("document", document)
            .put("version", version)
            .put("action", action);
    recipients.forEach(parts.putArray("recipients")::add);
    return parts.toString();
  }

  /** JSON frames each part, so that no two intents have the same bytes. */
  byte[] sha256() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(json().getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256.", e);
    }
  }
}
