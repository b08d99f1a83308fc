package dev.retour.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files a page needs, read once at start. A request chooses among these names; it never becomes
 * a path.
 */
public final class Assets {
  private static final String HTMX_VERSION = "2.0.10";
  private static final String JAVASCRIPT = "text/javascript; charset=utf-8";

  private final Map<String, Answer> files = new HashMap<>();
  private final Map<String, String> addresses = new HashMap<>();

  Assets() {
    add(
        "htmx",
        ".js",
        JAVASCRIPT,
        "/META-INF/resources/webjars/htmx.org/" + HTMX_VERSION + "/dist/htmx.min.js");
    add("console", ".js", JAVASCRIPT, "assets/console.js");
    add("actions", ".js", JAVASCRIPT, "assets/actions.js");
    add("console", ".css", "text/css; charset=utf-8", "assets/console.css");
    add("icon", ".svg", "image/svg+xml", "assets/icon.svg");
  }

  /** Answers {@code GET /assets/{name}}. */
  public Answer get(@Nullable String name) {
    Answer file = name == null ? null : files.get(name);
    return file != null
        ? file
        : Problem.plain(404, "Not Found", "There is no such file. Load the page again.").toAnswer();
  }

  /** Where each file is found, by its plain name such as {@code console.css}. */
  Map<String, String> addresses() {
    return Map.copyOf(addresses);
  }

  private void add(String stem, String extension, String contentType, String resource) {
    byte[] bytes = read(resource);
    // The content is part of the name, so browsers may keep the file for good.
    String name = stem + "-" + Digests.shortHash(bytes) + extension;
    files.put(name, PageHeaders.asset(contentType, bytes));
    addresses.put(stem + extension, "/assets/" + name);
  }

  private static byte[] read(String resource) {
    try (InputStream in = Assets.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(
            "The file " + resource + " is missing from the class path; build again.");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
