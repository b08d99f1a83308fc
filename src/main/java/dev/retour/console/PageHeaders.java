package dev.retour.console;

import java.util.Map;

/** The security headers of the console's answers. */
final class PageHeaders {
  private static final Map<String, String> ALWAYS =
      Map.of(
          "X-Content-Type-Options", "nosniff",
          "Referrer-Policy", "no-referrer",
          "Cross-Origin-Resource-Policy", "same-origin");

  private PageHeaders() {}

  /** A page or fragment of ours: only our own files, no inline script or style, never framed. */
  static Answer page(int status, String html) {
    return Answer.of(status, "text/html; charset=utf-8", html)
        .with(ALWAYS)
        .with("Cache-Control", "no-store")
        .with("Vary", "Accept-Language")
        .with(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                + " connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none';"
                + " frame-ancestors 'none'");
  }

  /**
   * HTML a stranger wrote. It may style itself and show pictures it carries, and nothing else: no
   * script, no form, no request to any host, an origin of its own.
   */
  static Answer foreignHtml(String html) {
    return Answer.of(200, "text/html; charset=utf-8", html)
        .with(ALWAYS)
        .with("Cache-Control", "no-store")
        .with(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none';"
                + " form-action 'none'; frame-ancestors 'self'; sandbox");
  }

  /** A file that never changes under its address. */
  static Answer asset(String contentType, byte[] bytes) {
    return Answer.of(200, contentType, bytes)
        .with(ALWAYS)
        .with("Cache-Control", "public, max-age=31536000, immutable");
  }
}
