package dev.retour.console;

import dev.retour.delivery.Subscribers;
import dev.retour.delivery.Subscribers.Subscriber;
import dev.retour.mail.UnsubscribeLink;
import dev.retour.mail.UnsubscribeLink.Token;
import dev.retour.quarantine.Unsubscription;
import dev.retour.quarantine.Unsubscriptions;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where the link of a mail leads: {@code /unsubscribe/{token}} (RFC 8058). Whoever follows it, a
 * scanner of links too, only sees a page with a button; a POST unsubscribes. It needs no cookie and
 * no login, is never redirected, and loads nothing: no other path has to be reached from outside.
 */
public final class UnsubscribePage {
  private static final String STYLE =
      """
      :root{color-scheme:light dark;--ground:#f3f5f7;--card:#fff;--line:#dfe4e9;--ink:#17212b;--soft:#566371;--link:#0b5c8f}
      @media (prefers-color-scheme:dark){:root{--ground:#10161c;--card:#182029;--line:#2b3641;--ink:#e6ebf0;--soft:#9dabb8;--link:#79bdec}}
      *{box-sizing:border-box}
      body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1.25rem;background:var(--ground);color:var(--ink);font:17px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
      main{width:100%;max-width:34rem;padding:2rem;background:var(--card);border:1px solid var(--line);border-radius:14px}
      h1{margin:0 0 .75rem;font-size:1.35rem;line-height:1.3}
      p{margin:0 0 1rem;overflow-wrap:anywhere}
      p:last-child,form{margin-bottom:0}
      .soft{color:var(--soft);font-size:.93rem}
      button{font:inherit;font-weight:620;padding:.7rem 1.4rem;border:0;border-radius:9px;background:var(--link);color:var(--card);cursor:pointer}
      button:focus-visible{outline:3px solid var(--ink);outline-offset:2px}
      """;

  private static final String POLICY =
      "default-src 'none'; style-src 'sha256-"
          + hash(STYLE)
          + "'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

  private static final int ONE_CLICK_CHARS_MAX = 100;

  private final UnsubscribeLink link;
  private final Subscribers subscribers;
  private final Unsubscriptions unsubscriptions;
  private final InstantSource clock;
  private final Pages pages;

  /** What the page works on. */
  public record Needs(
      UnsubscribeLink link,
      Subscribers subscribers,
      Unsubscriptions unsubscriptions,
      InstantSource clock) {}

  /** Makes the page; its times are shown nowhere, so it needs no zone. */
  public static UnsubscribePage of(Needs needs) {
    return new UnsubscribePage(
        needs, new Pages(new Assets(), needs.clock(), java.time.ZoneOffset.UTC));
  }

  private UnsubscribePage(Needs needs, Pages pages) {
    this.link = needs.link();
    this.subscribers = needs.subscribers();
    this.unsubscriptions = needs.unsubscriptions();
    this.clock = needs.clock();
    this.pages = pages;
  }

  /** Answers {@code GET}; changes nothing. */
  public Answer page(@Nullable String token, @Nullable String acceptLanguage) {
    return of(token, acceptLanguage, null);
  }

  /**
   * Answers {@code POST}.
   *
   * @param form the fields of the body in either form of RFC 8058, or anything else
   */
  public Answer post(
      @Nullable String token, @Nullable Object form, @Nullable String acceptLanguage) {
    return of(token, acceptLanguage, wish(form));
  }

  /** What a request wants. */
  private enum Wish {
    ONE_CLICK,
    BUTTON,
    UNCLEAR
  }

  private static Wish wish(@Nullable Object form) {
    if (form instanceof Map<?, ?> fields) {
      if (isSaid(fields.get("List-Unsubscribe"), "One-Click")) {
        return Wish.ONE_CLICK;
      }
      return isSaid(fields.get("confirm"), "yes") ? Wish.BUTTON : Wish.UNCLEAR;
    }
    return Wish.UNCLEAR;
  }

  private static boolean isSaid(@Nullable Object value, String expected) {
    String text = String.valueOf(value);
    return text.length() <= ONE_CLICK_CHARS_MAX && text.strip().equalsIgnoreCase(expected);
  }

  private Answer of(@Nullable String text, @Nullable String acceptLanguage, @Nullable Wish wish) {
    Language language = Language.choose(null, acceptLanguage);
    Token token = link.verify(String.valueOf(text), clock.instant());
    if (!(token instanceof Token.Valid valid)) {
      return token instanceof Token.Expired
          ? shown(410, "expired", language)
          : shown(404, "unknown", language);
    }
    List<Subscriber> who = subscribers.of(valid.event());
    if (who.isEmpty()) {
      return shown(410, "gone", language);
    }
    if (wish == Wish.UNCLEAR) {
      return shown(400, "unclear", language);
    }
    if (wish != null) {
      who.forEach(each -> unsubscribe(each, wish, valid.event()));
    }
    Map<String, Object> model = new HashMap<>();
    model.put("address", String.join(", ", who.stream().map(UnsubscribePage::masked).toList()));
    model.put("category", who.get(0).category());
    return shown(200, wish != null || haveAllLeft(who) ? "done" : "ask", language, model);
  }

  private void unsubscribe(Subscriber who, Wish wish, UUID event) {
    unsubscriptions.unsubscribe(
        who.addressKey(),
        who.category(),
        wish == Wish.ONE_CLICK ? Unsubscription.How.ONE_CLICK : Unsubscription.How.PAGE,
        event);
  }

  private boolean haveAllLeft(List<Subscriber> who) {
    return who.stream()
        .noneMatch(each -> unsubscriptions.list(each.category(), each.addressKey(), 1).isEmpty());
  }

  /** A link may have been forwarded: who knows the address recognises it, nobody else learns it. */
  private static String masked(Subscriber who) {
    String address = who.addressKey();
    int at = address.lastIndexOf('@');
    return at < 1
        ? "…"
        : address.substring(0, address.offsetByCodePoints(0, 1)) + "…" + address.substring(at);
  }

  private Answer shown(int status, String what, Language language) {
    return shown(status, what, language, Map.of());
  }

  private Answer shown(int status, String what, Language language, Map<String, ?> more) {
    Map<String, Object> model = new HashMap<>(more);
    model.put("what", what);
    model.put("lang", language.tag());
    model.put("style", Pages.markup(STYLE));
    return PageHeaders.page(status, pages.content("unsubscribe.ftl", model, language))
        .with("Content-Security-Policy", POLICY)
        .with("X-Robots-Tag", "noindex");
  }

  private static String hash(String text) {
    return Base64.getEncoder()
        .encodeToString(Digests.sha256(text.getBytes(StandardCharsets.UTF_8)));
  }
}
