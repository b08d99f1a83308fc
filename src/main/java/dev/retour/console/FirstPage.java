package dev.retour.console;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The first page: what is red and what to do about it, then events, queue, bounces, addresses and
 * the sandbox's mails. Whole, and as the part that an open page fetches again and again.
 */
public final class FirstPage {
  private final Dashboard dashboard;
  private final SystemState system;
  private final CapturedMails mails;
  private final ConsoleConfig config;
  private final Alarms alarms;
  private final Pages pages;

  FirstPage(Dashboard dashboard, ConsoleSources sources, ConsoleConfig config, Pages pages) {
    this.dashboard = dashboard;
    this.system = sources.system();
    this.mails = sources.mails();
    this.config = config;
    this.alarms = new Alarms(config.overdueAfter());
    this.pages = pages;
  }

  /**
   * Answers {@code GET /}.
   *
   * @param lang the {@code lang} of the query, if any
   */
  public Answer page(@Nullable String lang, @Nullable String acceptLanguage) {
    Language language = Language.choose(lang, acceptLanguage);
    Live live = live(language);
    return pages.livePage(
        "/", live.markup(), language, Math.max(config.refresh().toSeconds(), PAUSE_SECONDS));
  }

  /**
   * Answers {@code GET /console/live}: 204 when the page that asks shows the same already, so that
   * it need not be drawn again while somebody reads or selects.
   *
   * @param seen what the page shows, as told to it by the answer before
   */
  public Answer live(
      @Nullable String lang, @Nullable String acceptLanguage, @Nullable String seen) {
    Live live = live(Language.choose(lang, acceptLanguage));
    Answer answer =
        live.hash().equals(seen) ? PageHeaders.page(204, "") : PageHeaders.page(200, live.markup());
    return answer.with("Retour-As-Of", pages.now());
  }

  /** Without JavaScript a page is loaded whole; more often than this would disturb the reader. */
  private static final long PAUSE_SECONDS = 10;

  /** A fragment and what tells it from another. */
  private record Live(String hash, String markup) {}

  private Live live(Language language) {
    Reading reading = dashboard.read();
    List<Alarm> found = alarms.of(reading, system);
    Map<String, Object> model = new HashMap<>();
    model.put("lang", language.tag());
    model.put("alarms", found);
    model.put("level", found.isEmpty() ? "GREEN" : found.get(0).level().name());
    model.put("components", system.components());
    model.put("banners", system.banners());
    model.put("window", config.window());
    model.put("sandbox", mails.running());
    model.put("mails", mails.list(config.rows()));
    if (reading instanceof Reading.Taken taken) {
      model.put("figures", taken.snapshot());
    }
    String figures = pages.content("figures.ftl", model, language);
    String hash = Digests.shortHash(figures.getBytes(StandardCharsets.UTF_8));
    return new Live(
        hash,
        pages.content(
            "live.ftl",
            Map.of(
                "content", Pages.markup(figures),
                "seen", hash,
                "lang", language.tag(),
                "refreshSeconds", config.refresh().toSeconds()),
            language));
  }
}
