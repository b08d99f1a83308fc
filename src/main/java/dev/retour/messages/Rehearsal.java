package dev.retour.messages;

import com.google.re2j.Pattern;
import dev.retour.config.FileFault;
import freemarker.template.Template;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;

/** Renders a message in all its languages before it may be used, and looks at what came out. */
final class Rehearsal {
  private static final String MESSAGE_ID = "<rehearsal@retour.invalid>";
  private static final Pattern LINK =
      Pattern.compile(
          "(?i)(https?://[^/?#\\s]+(?s:.*)|mailto:(?s:.*)|tel:(?s:.*)|cid:(?s:.*)|#.*|)");

  private final ContentRenderer renderer;
  private final int htmlBytesMax;
  private final MessageTemplates templates;
  private final List<Template> sources = new ArrayList<>();
  private final Set<FileFault> seen = new LinkedHashSet<>();

  Rehearsal(
      MessageTemplates templates,
      TemplateEngine engine,
      ContentRenderer renderer,
      Map<String, String> files,
      int htmlBytesMax) {
    this.htmlBytesMax = htmlBytesMax;
    this.templates = templates;
    this.renderer = renderer;
    // Compiled MJML has other lines than its source, so the source is rendered first.
    for (MessageTemplates.Variant variant : templates.variants()) {
      String file = variant.html().getName();
      Template source = engine.html(file, files.getOrDefault(file, ""), new ArrayList<>());
      if (file.endsWith(".mjml") && source != null) {
        sources.add(source);
      }
    }
  }

  /** Everything found so far, each once. */
  List<FileFault> faults() {
    return List.copyOf(seen);
  }

  /** Renders one event, whose name is told when something is found. */
  void play(String name, EventPayload payload) {
    RenderRequest request = RenderRequest.of(payload, MESSAGE_ID, Instant.EPOCH);
    for (Template source : sources) {
      try {
        renderer.rehearse(source, request);
      } catch (RenderException e) {
        add(e.fault(), name);
      }
    }
    if (!seen.isEmpty()) {
      return;
    }
    for (MessageTemplates.Variant variant : templates.variants()) {
      try {
        inspect(variant.html().getName(), renderer.html(request, variant), name);
      } catch (RenderException e) {
        add(e.fault(), name);
      }
    }
  }

  private void inspect(String file, String html, String name) {
    int bytes = html.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > htmlBytesMax) {
      String text = "The HTML is " + bytes + " bytes long; at most " + htmlBytesMax + " are shown.";
      add(new FileFault(file, 0, text), name);
    }
    org.jsoup.nodes.Document document = Jsoup.parse(html);
    for (String attribute : List.of("href", "src", "background", "action")) {
      for (Element element : document.select("[" + attribute + "]")) {
        String link = element.attr(attribute).strip();
        if (!LINK.matches(link)) {
          add(new FileFault(file, 0, "The link \"" + link + "\" leads nowhere from a mail."), name);
        }
      }
    }
    if (document.body().text().isBlank()) {
      add(new FileFault(file, 0, "The message is empty."), name);
    }
  }

  private void add(FileFault fault, String name) {
    boolean known =
        seen.stream()
            .anyMatch(
                other ->
                    other.file().equals(fault.file())
                        && other.line() == fault.line()
                        && other.text().startsWith(fault.text()));
    if (!known) {
      seen.add(new FileFault(fault.file(), fault.line(), fault.text() + " (" + name + ")"));
    }
  }
}
