package dev.retour.console;

import freemarker.core.HTMLOutputFormat;
import freemarker.template.TemplateModelException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Puts content into the frame that all pages share. */
final class Pages {
  private final Templates templates = new Templates();
  private final Assets assets;
  private final InstantSource clock;
  private final ZoneId zone;

  Pages(Assets assets, InstantSource clock, ZoneId zone) {
    this.assets = assets;
    this.clock = clock;
    this.zone = zone;
  }

  /** Markup without a frame. */
  String content(String template, Map<String, ?> model, Language language) {
    return templates.render(template, model, new Words(language, zone, clock.instant()));
  }

  /**
   * A whole page.
   *
   * @param path the page's own address, for the links that choose another language
   * @param content markup made by {@link #content}
   */
  Answer page(int status, String path, String content, Language language) {
    return PageHeaders.page(status, framed(path, content, language, Map.of()));
  }

  /**
   * A whole page that looks for news by itself where there is no JavaScript.
   *
   * @param refreshSeconds pause before the browser loads it again
   */
  Answer livePage(String path, String content, Language language, long refreshSeconds) {
    return PageHeaders.page(
        200, framed(path, content, language, Map.of("refreshSeconds", refreshSeconds)));
  }

  /** A whole page with buttons that change something. */
  Answer actionPage(String path, String content, Language language) {
    return PageHeaders.page(200, framed(path, content, language, Map.of("actions", true)));
  }

  /** The time now, as pages write it. */
  String now() {
    Instant now = clock.instant();
    return new Words(Language.ENGLISH, zone, now).when(now);
  }

  private String framed(String path, String content, Language language, Map<String, Object> more) {
    Instant now = clock.instant();
    Map<String, Object> model = new HashMap<>(more);
    model.put("content", markup(content));
    model.put("path", path);
    model.put("lang", language.tag());
    model.put("languages", languages());
    model.put("assets", assets.addresses());
    model.put("now", now);
    model.put("zone", zone.getId());
    return templates.render("frame.ftl", model, new Words(language, zone, now));
  }

  private static List<Map<String, String>> languages() {
    return Arrays.stream(Language.values())
        .map(language -> Map.of("tag", language.tag(), "name", language.ownName()))
        .toList();
  }

  /** Marks our own, already escaped output as such; strangers' text never comes here. */
  static Object markup(String html) {
    try {
      return HTMLOutputFormat.INSTANCE.fromMarkup(html);
    } catch (TemplateModelException e) {
      throw new IllegalStateException("markup is always accepted as markup", e);
    }
  }
}
