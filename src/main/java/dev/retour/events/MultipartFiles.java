package dev.retour.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.messages.PayloadFault;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Puts files that came as parts of a form where the event would have brought them itself. */
final class MultipartFiles {
  private MultipartFiles() {}

  /**
   * Adds them to the event; nothing, or what stands in the way. Whether they are right is checked
   * with the event.
   */
  static Optional<PayloadFault> addTo(JsonNode event, List<UploadedFile> files) {
    if (!(event instanceof ObjectNode object)) {
      return Optional.empty(); // its check says what is wrong
    }
    for (UploadedFile file : files) {
      boolean ofDocument = file.part().equals(Multipart.DOCUMENT);
      JsonNode given = object.path(file.part());
      boolean fits = given.isMissingNode() || (ofDocument ? given.isObject() : given.isArray());
      if (!fits) {
        continue; // the same
      }
      ObjectNode described =
          ofDocument
              ? object.withObjectProperty(Multipart.DOCUMENT)
              : object.withArrayProperty(Multipart.ATTACHMENTS).addObject();
      if (described.has("content") || described.has("reference")) {
        return Optional.of(
            new PayloadFault("/document", "its file once", "a part and what the event says"));
      }
      describe(described, file);
    }
    return Optional.empty();
  }

  /** What the event says of the file of its document counts more than what the form says. */
  private static void describe(ObjectNode described, UploadedFile file) {
    if (!described.has("fileName")) {
      described.put("fileName", file.fileName());
    }
    if (!described.has("contentType")) {
      described.put("contentType", file.contentType());
    }
    described.put("content", Base64.getEncoder().encodeToString(file.bytes()));
  }

  /**
   * The same for the same event with the same files, whatever the boundary: SHA-256 over their
   * lengths and contents.
   */
  static byte[] hash(byte[] event, List<UploadedFile> files) {
    if (files.isEmpty()) {
      return StoredDocument.sha256(event);
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      add(digest, event);
      for (UploadedFile file : files) {
        add(digest, file.part().getBytes(StandardCharsets.UTF_8));
        add(digest, file.fileName().getBytes(StandardCharsets.UTF_8));
        add(digest, file.contentType().getBytes(StandardCharsets.UTF_8));
        add(digest, file.bytes());
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256.", e);
    }
  }

  private static void add(MessageDigest digest, byte[] bytes) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    digest.update(bytes);
  }
}
