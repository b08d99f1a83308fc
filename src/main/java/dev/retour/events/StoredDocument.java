package dev.retour.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.messages.Attachment;
import dev.retour.messages.Document;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A document as a row keeps it: what it is as JSON, its bytes apart. */
final class StoredDocument {
  static final JsonMapper JSON = JsonMapper.builder().build();

  private StoredDocument() {}

  /** Everything but the bytes, and their hash (spec B14: the bytes are never rendered again). */
  static @Nullable String json(@Nullable Document document) {
    if (document == null) {
      return null;
    }
    ObjectNode json = JSON.createObjectNode().put("id", document.id());
    if (document.version() != null) {
      json.put("version", document.version());
    }
    Attachment attachment = document.attachment();
    if (attachment != null) {
      json.put("fileName", attachment.fileName());
      json.put("contentType", attachment.contentType());
      json.put("sha256", HexFormat.of().formatHex(sha256(attachment.bytes())));
    }
    return json.toString();
  }

  /** The document as it came. */
  static @Nullable Document read(@Nullable String text, byte @Nullable [] bytes) {
    if (text == null) {
      return null;
    }
    JsonNode json = tree(text);
    Attachment attachment =
        bytes == null
            ? null
            : new Attachment(
                json.path("fileName").asText(), json.path("contentType").asText(), bytes);
    return new Document(
        json.path("id").asText(),
        json.hasNonNull("version") ? json.get("version").asText() : null,
        attachment);
  }

  static JsonNode tree(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Stored JSON cannot be read back.", e);
    }
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256.", e);
    }
  }
}
