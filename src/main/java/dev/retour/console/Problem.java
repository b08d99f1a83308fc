package dev.retour.console;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.retour.config.FileFault;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Problem details of an HTTP answer (RFC 9457), sent as {@code application/problem+json}.
 *
 * @param type URI of the kind of problem; {@code about:blank} when the status says it all
 * @param title short and the same for all problems of the type
 * @param status HTTP status code
 * @param detail what happened here and what to do, for a person
 * @param instance path of the request, if it helps
 * @param faults what is wrong in the request's body, one by one (an extension member)
 * @param fileFaults what is wrong in edited files, one by one (an extension member)
 * @param existing what is there already, for a client to follow (an extension member)
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
    String type,
    String title,
    int status,
    @Nullable String detail,
    @Nullable String instance,
    List<Fault> faults,
    List<FileFault> fileFaults,
    Map<String, Object> existing) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String TYPES = "tag:retour.dev,2026:problem/";

  /** The media type of RFC 9457. */
  public static final String CONTENT_TYPE = "application/problem+json";

  /**
   * One thing wrong in a JSON body.
   *
   * @param pointer where (RFC 6901); empty for the whole document
   * @param expected what would be right
   * @param found what is there
   */
  public record Fault(String pointer, String expected, String found) {}

  /** Copies the lists. */
  public Problem {
    faults = List.copyOf(faults);
    fileFaults = List.copyOf(fileFaults);
    existing = Collections.unmodifiableMap(new LinkedHashMap<>(existing));
  }

  /** A problem whose status says it all. */
  public static Problem plain(int status, String title, String detail) {
    return new Problem("about:blank", title, status, detail, null, List.of(), List.of(), Map.of());
  }

  /**
   * A problem a client may want to tell from others.
   *
   * @param kind last part of the type URI, e.g. {@code unknown-event-type}
   */
  public static Problem of(String kind, int status, String title, String detail) {
    return new Problem(TYPES + kind, title, status, detail, null, List.of(), List.of(), Map.of());
  }

  /** The same problem, naming the path of the request. */
  public Problem at(String path) {
    return new Problem(type, title, status, detail, path, faults, fileFaults, existing);
  }

  /** The same problem with what is wrong in the body. */
  public Problem because(List<Fault> found) {
    return new Problem(type, title, status, detail, instance, found, fileFaults, existing);
  }

  /** The same problem with what is wrong in files. */
  public Problem inFiles(List<FileFault> found) {
    return new Problem(type, title, status, detail, instance, faults, found, existing);
  }

  /** The same problem with what is there already. */
  public Problem about(Map<String, Object> there) {
    return new Problem(type, title, status, detail, instance, faults, fileFaults, there);
  }

  /** The answer that carries it. */
  public Answer toAnswer() {
    try {
      return Answer.of(status, CONTENT_TYPE, JSON.writeValueAsBytes(this))
          .with("Cache-Control", "no-store")
          .with("X-Content-Type-Options", "nosniff");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of texts can always be written as JSON", e);
    }
  }
}
