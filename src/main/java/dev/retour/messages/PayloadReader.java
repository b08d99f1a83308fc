package dev.retour.messages;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Reads the body of a request as JSON, within limits, before anything is known about its event
 * type: size, depth, lengths of names and numbers, no key twice, nothing after the end.
 */
public final class PayloadReader {
  private static final int NAME_CHARS_MAX = 200;
  private static final int NUMBER_CHARS_MAX = 40;

  private final JsonMapper mapper;
  private final int bodyBytesMax;
  private final int depthMax;

  public PayloadReader(MessagesConfig config) {
    this.bodyBytesMax = config.bodyBytesMax();
    this.depthMax = config.depthMax();
    StreamReadConstraints constraints =
        StreamReadConstraints.builder()
            .maxNestingDepth(depthMax)
            .maxStringLength(bodyBytesMax)
            .maxDocumentLength(bodyBytesMax)
            .maxNameLength(NAME_CHARS_MAX)
            .maxNumberLength(NUMBER_CHARS_MAX)
            .build();
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(constraints)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();
    this.mapper =
        JsonMapper.builder(factory)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
  }

  /** What came of reading a body. */
  public sealed interface Reading {
    /** It is JSON within the limits; {@link EventType#validate} says whether it is right. */
    record Body(JsonNode json) implements Reading {}

    /** It is no JSON, or exceeds a limit. */
    record Unreadable(List<PayloadFault> faults) implements Reading {}
  }

  /** Reads UTF-8 JSON. */
  public Reading read(byte[] body) {
    if (body.length > bodyBytesMax) {
      return unreadable("a body of at most " + bodyBytesMax + " bytes", body.length + " bytes");
    }
    try {
      JsonNode json = mapper.readTree(body);
      return json == null || json.isMissingNode()
          ? unreadable("a JSON object", "an empty body")
          : new Reading.Body(json);
    } catch (JsonProcessingException e) {
      String where =
          e.getLocation() == null
              ? ""
              : " (line "
                  + e.getLocation().getLineNr()
                  + ", column "
                  + e.getLocation().getColumnNr()
                  + ")";
      return unreadable(
          "JSON in UTF-8, nested at most " + depthMax + " deep, no key twice",
          e.getOriginalMessage() + where);
    } catch (IOException e) {
      throw new UncheckedIOException("Bytes in memory cannot fail to be read.", e);
    }
  }

  private static Reading.Unreadable unreadable(String expected, String found) {
    return new Reading.Unreadable(List.of(new PayloadFault("", expected, found)));
  }
}
