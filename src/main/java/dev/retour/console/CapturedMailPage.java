package dev.retour.console;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One mail of the sandbox: its header, text, HTML in a locked frame, and source. */
public final class CapturedMailPage {
  private static final int ID_MAX = 100;

  private final CapturedMails mails;
  private final MailOpener opener;
  private final Pages pages;

  CapturedMailPage(CapturedMails mails, MailOpener opener, Pages pages) {
    this.mails = mails;
    this.opener = opener;
    this.pages = pages;
  }

  /**
   * Answers {@code GET /console/mails/{id}}.
   *
   * @param lang the {@code lang} of the query, if any
   */
  public Answer page(@Nullable String id, @Nullable String lang, @Nullable String acceptLanguage) {
    Language language = Language.choose(lang, acceptLanguage);
    Optional<byte[]> raw = raw(id);
    if (id == null || raw.isEmpty()) {
      return pages.page(
          404, "/", pages.content("gone.ftl", Map.of("lang", language.tag()), language), language);
    }
    String path = "/console/mails/" + URLEncoder.encode(id, StandardCharsets.UTF_8);
    Map<String, Object> model = new HashMap<>();
    MailView mail = opener.open(raw.get());
    model.put("mail", mail);
    model.put("subject", mail.subject());
    model.put("sizeBytes", raw.get().length);
    model.put("path", path);
    model.put("lang", language.tag());
    return pages.page(200, path, pages.content("mail.ftl", model, language), language);
  }

  /** Answers {@code GET /console/mails/{id}/html}: the mail's own HTML, for a locked frame only. */
  public Answer html(@Nullable String id) {
    return raw(id)
        .map(opener::open)
        .map(MailView::html)
        .map(PageHeaders::foreignHtml)
        .orElseGet(
            () ->
                Problem.plain(404, "Not Found", "This mail has no HTML part, or is gone.")
                    .toAnswer());
  }

  /** Only an id that cannot be anything else is handed on. */
  private Optional<byte[]> raw(@Nullable String id) {
    if (id == null || id.isEmpty() || id.length() > ID_MAX || id.startsWith(".")) {
      return Optional.empty();
    }
    boolean plain =
        id.chars()
            .allMatch(
                c ->
                    (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || (c >= '0' && c <= '9')
                        || c == '-'
                        || c == '_'
                        || c == '.');
    return plain ? mails.raw(id) : Optional.empty();
  }
}
