package dev.retour.console;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is answered when no endpoint answers: a page for a browser, problem+json (RFC 9457) for
 * everyone else. Nothing of the inside gets out.
 */
public final class ErrorPages {
  private static final Map<Integer, Problem> PROBLEMS =
      Map.of(
          400, Problem.plain(400, "Bad Request", "The request cannot be read."),
          404, Problem.plain(404, "Not Found", "There is nothing at this address."),
          405,
              Problem.plain(
                  405, "Method Not Allowed", "This address does not answer this HTTP method."),
          406, Problem.plain(406, "Not Acceptable", "There is no answer in a form you accept."),
          413,
              Problem.plain(413, "Content Too Large", "The body is larger than this server takes."),
          415, Problem.plain(415, "Unsupported Media Type", "Send the body as application/json."),
          503,
              Problem.plain(
                  503, "Service Unavailable", "The server cannot answer now. Try again later."));

  private static final Problem FAILED =
      Problem.plain(
          500,
          "Internal Server Error",
          "The server failed at this request. What happened is in its log; sending the request"
              + " again with the same idempotency key does no harm.");

  private final Pages pages;

  ErrorPages(Pages pages) {
    this.pages = pages;
  }

  /** An endpoint failed by surprise: 500. The route logs the exception. */
  public Answer failed() {
    return FAILED.toAnswer();
  }

  /**
   * No endpoint took the request, or the server refused it before one did.
   *
   * @param status the status the server chose
   * @param path the path asked for
   */
  public Answer refused(
      int status, String path, @Nullable String accept, @Nullable String acceptLanguage) {
    Problem problem = PROBLEMS.getOrDefault(status, FAILED);
    if (accept != null
        && accept.toLowerCase(Locale.ROOT).contains("text/html")
        && !path.startsWith("/api/")) {
      Language language = Language.choose(null, acceptLanguage);
      Map<String, Object> model = Map.of("status", problem.status(), "lang", language.tag());
      return pages.page(
          problem.status(), "/", pages.content("error.ftl", model, language), language);
    }
    return problem.at(path).toAnswer();
  }
}
