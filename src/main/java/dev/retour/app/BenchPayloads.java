package dev.retour.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Events for a measurement: the sample of a type with each list filled, one recipient and one
 * document each. Made by joining texts, as making them must not cost what taking them in costs.
 */
final class BenchPayloads {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int ENTRIES = 5;
  private static final String MARK = "retour-bench-number";

  private final String[] parts;

  private BenchPayloads(String[] parts) {
    this.parts = parts;
  }

  /**
   * Payloads of a type.
   *
   * @param sample as {@code GET …/sample} answers it
   * @param scheduled when they become due; empty means at once
   */
  static BenchPayloads of(byte[] sample, String scheduled) throws IOException {
    if (!(JSON.readTree(sample) instanceof ObjectNode body)) {
      throw new IOException("The sample is no JSON object.");
    }
    body.remove(List.of("scheduled", "expiration", "cc", "bcc"));
    body.put("email", "customer" + MARK + "@example.com");
    if (!scheduled.isEmpty()) {
      body.put("scheduled", scheduled);
    }
    if (body.get("document") instanceof ObjectNode document) {
      document.put("id", "B-" + MARK);
    }
    for (JsonNode field : body.path("ctx")) {
      if (field instanceof ArrayNode list && !list.isEmpty()) {
        while (list.size() < ENTRIES) {
          list.add(list.get(0).deepCopy());
        }
      }
    }
    return new BenchPayloads(body.toString().split(MARK, -1));
  }

  /** One of them, in one line. */
  String text(long number) {
    return String.join(Long.toString(number), parts);
  }

  /** So many of them, one a line. */
  byte[] lines(long from, int count) {
    StringBuilder lines = new StringBuilder(count * (text(from).length() + 8));
    for (int i = 0; i < count; i++) {
      lines.append(text(from + i)).append('\n');
    }
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }
}
