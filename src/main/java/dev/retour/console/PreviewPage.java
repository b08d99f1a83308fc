package dev.retour.console;

import dev.retour.messages.MessagePreview;
import dev.retour.messages.MessagePreview.Wish;
import dev.retour.messages.MessageSetException;
import dev.retour.messages.RenderException;
import dev.retour.messages.RenderedMail;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a mail would look like: header, HTML at the width of a desk and of a phone, text, parts and
 * source of a test profile.
 */
public final class PreviewPage {
  private static final Set<String> KNOWN = Set.of("profile", "version", "lang");
  private static final String CONSEQUENCE = "It cannot be shown. Correct what fileFaults names.";

  private final MessagePreview preview;
  private final MailOpener opener;
  private final Pages pages;

  PreviewPage(MessagePreview preview, MailOpener opener, Pages pages) {
    this.preview = preview;
    this.opener = opener;
    this.pages = pages;
  }

  /** Answers {@code GET /console/messages/{id}/preview}. */
  public Answer page(@Nullable String id, @Nullable String query, @Nullable String acceptLanguage) {
    return of(
        id,
        query,
        request -> {
          Language language = Language.choose(request.lang(), acceptLanguage);
          RenderedMail mail = preview.mail(request.wish());
          Map<String, Object> model = new HashMap<>();
          model.put("mail", opener.open(mail.raw()));
          model.put("subject", mail.subject());
          model.put("sizeBytes", mail.raw().length);
          model.put("id", request.wish().id());
          model.put("version", request.wish().version() == null ? 0 : request.wish().version());
          model.put("profile", request.wish().profile());
          model.put("profiles", preview.profiles(request.wish()));
          String path =
              "/console/messages/"
                  + URLEncoder.encode(request.wish().id(), StandardCharsets.UTF_8)
                  + "/preview";
          model.put("path", path);
          model.put("query", request.query());
          model.put("lang", language.tag());
          return pages.page(200, path, pages.content("preview.ftl", model, language), language);
        });
  }

  /** Answers {@code GET /console/messages/{id}/preview/html}, for a locked frame only. */
  public Answer html(@Nullable String id, @Nullable String query) {
    return of(
        id,
        query,
        request -> {
          String html = opener.open(preview.mail(request.wish()).raw()).html();
          return PageHeaders.foreignHtml(html == null ? "" : html);
        });
  }

  /** Answers {@code GET /api/v1/messages/{id}/preview}: the mail itself, as it would be sent. */
  public Answer raw(@Nullable String id, @Nullable String query) {
    return of(
        id,
        query,
        request ->
            Answer.of(200, "message/rfc822", preview.mail(request.wish()).raw())
                .with("Cache-Control", "no-store")
                .with("X-Content-Type-Options", "nosniff")
                .with("Content-Disposition", "attachment; filename=\"preview.eml\""));
  }

  private record Request(Wish wish, @Nullable String lang) {
    /** Without the language, for links within the page. */
    String query() {
      String profile = "profile=" + URLEncoder.encode(wish.profile(), StandardCharsets.UTF_8);
      return wish.version() == null ? profile : profile + "&version=" + wish.version();
    }
  }

  private static Answer of(
      @Nullable String id, @Nullable String query, Function<Request, Answer> work) {
    return ApiAnswers.of(
        () -> {
          ApiParameters parameters = ApiParameters.of(query, null, KNOWN);
          Wish wish =
              new Wish(
                  String.valueOf(id),
                  parameters.version(),
                  parameters.all().getOrDefault("profile", ""));
          try {
            return work.apply(new Request(wish, parameters.all().get("lang")));
          } catch (MessageSetException e) {
            return PostMessage.refused(e.faults(), CONSEQUENCE);
          } catch (RenderException e) {
            return PostMessage.refused(List.of(e.fault()), CONSEQUENCE);
          }
        });
  }
}
