package dev.retour.console;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an endpoint answers: everything an HTTP response carries, and nothing of the request.
 *
 * <p>The body is final once given: callers hand over the array and do not keep it.
 */
public final class Answer {
  private final int status;
  private final String contentType;
  private final Map<String, String> headers;
  private final byte[] body;

  private Answer(int status, String contentType, Map<String, String> headers, byte[] body) {
    this.status = status;
    this.contentType = contentType;
    this.headers = Map.copyOf(headers);
    this.body = body;
  }

  /**
   * An answer with a body.
   *
   * @param contentType with its charset where it has one, e.g. {@code text/html; charset=utf-8}
   */
  public static Answer of(int status, String contentType, byte[] body) {
    return new Answer(status, contentType, Map.of(), body);
  }

  /** An answer whose body is text in UTF-8. */
  public static Answer of(int status, String contentType, String body) {
    return of(status, contentType, body.getBytes(StandardCharsets.UTF_8));
  }

  /** The same answer with one more header, or another value of it. */
  public Answer with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Answer(status, contentType, more, body);
  }

  /** The same answer with more headers. */
  public Answer with(Map<String, String> others) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.putAll(others);
    return new Answer(status, contentType, more, body);
  }

  /** HTTP status code. */
  public int status() {
    return status;
  }

  public String contentType() {
    return contentType;
  }

  /** The headers besides {@code Content-Type}, by name. */
  public Map<String, String> headers() {
    return headers;
  }

  public byte[] body() {
    return body;
  }

  /** The body read as UTF-8. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
