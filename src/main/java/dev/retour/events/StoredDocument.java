package dev.retour.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.config.FileFault;
import dev.retour.messages.Attachment;
import dev.retour.messages.Document;
import dev.retour.messages.RenderException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Documents and files as a row keeps them: what they are as JSON, their bytes apart. */
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
      describe(json, attachment);
    }
    return json.toString();
  }

  /** The files beside the document: the same of each; null when there are none. */
  static @Nullable String json(List<Attachment> attachments) {
    if (attachments.isEmpty()) {
      return null;
    }
    ArrayNode json = JSON.createArrayNode();
    attachments.forEach(each -> describe(json.addObject(), each));
    return json.toString();
  }

  private static void describe(ObjectNode json, Attachment attachment) {
    json.put("fileName", attachment.fileName());
    json.put("contentType", attachment.contentType());
    json.put("sha256", HexFormat.of().formatHex(attachment.sha256()));
  }

  /**
   * The document as it came.
   *
   * @param files the bytes of the event's files, by position
   * @throws RenderException when its bytes are not there: without them there is no mail
   */
  static @Nullable Document read(@Nullable String text, Map<Integer, byte[]> files) {
    if (text == null) {
      return null;
    }
    JsonNode json = tree(text);
    return new Document(
        json.path("id").asText(),
        json.hasNonNull("version") ? json.get("version").asText() : null,
        json.has("sha256") ? file(json, files.get(0)) : null);
  }

  /** The files beside it as they came; under the same conditions. */
  static List<Attachment> readAll(@Nullable String text, Map<Integer, byte[]> files) {
    List<Attachment> attachments = new ArrayList<>();
    if (text != null) {
      for (JsonNode json : tree(text)) {
        attachments.add(file(json, files.get(attachments.size() + 1)));
      }
    }
    return attachments;
  }

  private static Attachment file(JsonNode json, byte @Nullable [] bytes) {
    String name = json.path("fileName").asText();
    if (bytes == null) {
      throw new RenderException(
          new FileFault(name, 0, "The bytes of this attachment are gone; the mail is not sent."));
    }
    return new Attachment(name, json.path("contentType").asText(), bytes);
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
