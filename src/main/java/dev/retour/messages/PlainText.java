package dev.retour.messages;

import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeTraversor;
import org.jsoup.select.NodeVisitor;

/** Derives the text part of a mail from its HTML, for messages without {@code message.txt}. */
final class PlainText {
  private final StringBuilder out = new StringBuilder(4_096);

  private PlainText() {}

  static String of(String html) {
    Element body = Jsoup.parse(html).body();
    body.select("script, style, head, [style*=display:none], [hidden]").remove();
    PlainText text = new PlainText();
    NodeTraversor.traverse(new Visitor(text), body);
    return text.out.toString().strip() + "\n";
  }

  private record Visitor(PlainText text) implements NodeVisitor {
    @Override
    public void head(Node node, int depth) {
      if (node instanceof TextNode words) {
        text.words(words.text());
      } else if (node instanceof Element element) {
        switch (element.normalName()) {
          case "br" -> text.lineEnd(1);
          case "li" -> text.item();
          case "img" -> text.words(element.attr("alt"));
          default -> {
            if (element.isBlock()) {
              text.lineEnd(1);
            }
          }
        }
      }
    }

    @Override
    public void tail(Node node, int depth) {
      if (!(node instanceof Element element)) {
        return;
      }
      switch (element.normalName()) {
        case "a" -> text.link(element);
        case "td", "th" -> text.words(" ");
        case "p", "h1", "h2", "h3", "h4", "table", "ul", "ol" -> text.lineEnd(2);
        default -> {
          if (element.isBlock()) {
            text.lineEnd(1);
          }
        }
      }
    }
  }

  private void words(String words) {
    boolean first = out.isEmpty() || Character.isWhitespace(out.charAt(out.length() - 1));
    out.append(first ? words.stripLeading() : words);
  }

  private void item() {
    lineEnd(1);
    out.append("* ");
  }

  private void link(Element link) {
    String target = link.attr("href");
    if (!target.isEmpty() && !target.equals(link.text())) {
      words(" <" + target + ">");
    }
  }

  /** Ends the line, and leaves {@code count - 1} empty ones. */
  private void lineEnd(int count) {
    int end = out.length();
    while (end > 0 && (out.charAt(end - 1) == ' ' || out.charAt(end - 1) == '\n')) {
      end--;
    }
    int had = (int) out.substring(end).chars().filter(c -> c == '\n').count();
    out.setLength(end);
    out.append("\n".repeat(end == 0 ? 0 : Math.max(had, count)));
  }
}
