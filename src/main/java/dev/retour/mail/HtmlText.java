package dev.retour.mail;

import java.util.Locale;
import java.util.Set;
import org.jsoup.parser.Parser;

/**
 * The words of an HTML part, one line per block. Tags are skipped in one pass instead of building
 * the document: a tree of thousands of nested elements takes a parser half a second, and only the
 * words count here.
 */
final class HtmlText {
  private static final Set<String> LINES =
      Set.of(
          "br",
          "p",
          "div",
          "tr",
          "li",
          "h1",
          "h2",
          "h3",
          "h4",
          "hr",
          "pre",
          "table",
          "blockquote",
          "ul",
          "ol",
          "body");
  private static final Set<String> HIDDEN = Set.of("style", "script", "title");
  private static final int NAME_MAX = 12;

  private HtmlText() {}

  static String of(String html) {
    StringBuilder words = new StringBuilder(html.length() / 2);
    int at = 0;
    while (at < html.length()) {
      int open = html.indexOf('<', at);
      int close = open < 0 ? -1 : html.indexOf('>', open);
      if (close < 0) {
        appendWords(words, html, at, html.length());
        break;
      }
      appendWords(words, html, at, open);
      String name = name(html, open);
      if (HIDDEN.contains(name)) {
        int end = endOf(html, close, name);
        at = end < 0 ? html.length() : end;
        continue;
      }
      if (html.startsWith("<!--", open)) {
        int end = html.indexOf("-->", open);
        at = end < 0 ? html.length() : end + 3;
        continue;
      }
      if (LINES.contains(name)) {
        words.append('\n');
      } else if (name.equals("td") || name.equals("th")) {
        words.append(' ');
      }
      at = close + 1;
    }
    return Parser.unescapeEntities(words.toString(), false);
  }

  /** Line ends of the source are no line ends of the page. */
  private static void appendWords(StringBuilder words, String html, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = html.charAt(i);
      words.append(c == '\r' || c == '\n' ? ' ' : c);
    }
  }

  private static String name(String html, int open) {
    boolean ends = html.startsWith("/", open + 1);
    int start = ends ? open + 2 : open + 1;
    int end = start;
    while (end < html.length()
        && end - start < NAME_MAX
        && Character.isLetterOrDigit(html.charAt(end))) {
      end++;
    }
    String name = html.substring(start, end).toLowerCase(Locale.ROOT);
    return ends && HIDDEN.contains(name) ? "" : name;
  }

  /** Where the text goes on behind an element whose content is not shown, or -1. */
  private static int endOf(String html, int from, String name) {
    int at = html.indexOf("</", from);
    while (at >= 0) {
      if (html.regionMatches(true, at + 2, name, 0, name.length())) {
        int close = html.indexOf('>', at);
        return close < 0 ? -1 : close + 1;
      }
      at = html.indexOf("</", at + 2);
    }
    return -1;
  }
}
