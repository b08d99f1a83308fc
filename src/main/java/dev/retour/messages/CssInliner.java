package dev.retour.messages;

import com.helger.css.ECSSVersion;
import com.helger.css.decl.CSSDeclaration;
import com.helger.css.decl.CSSSelector;
import com.helger.css.decl.CSSSelectorSimpleMember;
import com.helger.css.decl.CSSStyleRule;
import com.helger.css.decl.CascadingStyleSheet;
import com.helger.css.decl.ICSSSelectorMember;
import com.helger.css.reader.CSSReader;
import com.helger.css.reader.CSSReaderSettings;
import com.helger.css.reader.errorhandler.DoNothingCSSParseErrorHandler;
import com.helger.css.writer.CSSWriterSettings;
import dev.retour.config.FileFault;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Range;
import org.jsoup.parser.Parser;
import org.jsoup.select.Selector;

/**
 * Writes the rules of a page's {@code <style>} into the elements they are for, because many mail
 * readers drop the style of the head. The source is not written anew but added to in place, so that
 * template tags stay where they are. Rules no element can carry (media queries, {@code :hover}) are
 * left to the {@code <style>}, which stays; there they need {@code !important}.
 */
final class CssInliner {
  private static final int RULES_MAX = 2_000;
  private static final int SELECTORS_MAX = 10_000;
  private static final CSSWriterSettings WRITER =
      new CSSWriterSettings(ECSSVersion.CSS30).setOptimizedOutput(true);

  private final String file;
  private final String source;
  private final List<FileFault> faults;
  private final IdentityHashMap<Element, List<Declaration>> found = new IdentityHashMap<>();
  private int rules;
  private int selectors;

  private CssInliner(String file, String source, List<FileFault> faults) {
    this.file = file;
    this.source = source;
    this.faults = faults;
  }

  /** One declaration for one element, with what decides in the cascade. */
  private record Declaration(String text, long specificity, int order) {}

  /** The source with the styles in its elements; faults of the CSS are added. */
  static String inline(String file, String source, List<FileFault> faults) {
    return source.contains("<style") ? new CssInliner(file, source, faults).inline() : source;
  }

  private String inline() {
    Document page = Jsoup.parse(source, "", Parser.htmlParser().setTrackPosition(true));
    for (Element style : page.select("style")) {
      String css = style.data();
      // What a template writes is known only in the mail; such a style stays as it is.
      if (!css.contains("[=") && !css.contains("[#") && !style.hasAttr("media")) {
        read(style, css, page);
      }
    }
    TreeMap<Integer, String> insertions = new TreeMap<>(Comparator.reverseOrder());
    found.forEach((element, declarations) -> insert(element, declarations, insertions));
    StringBuilder text = new StringBuilder(source);
    insertions.forEach(text::insert);
    return text.toString();
  }

  private void read(Element style, String css, Document page) {
    int line = style.sourceRange().start().lineNumber();
    List<String> errors = new ArrayList<>();
    CascadingStyleSheet sheet =
        CSSReader.readFromStringReader(
            css,
            new CSSReaderSettings()
                .setCSSVersion(ECSSVersion.CSS30)
                .setCustomErrorHandler(new DoNothingCSSParseErrorHandler())
                .setCustomExceptionHandler(e -> errors.add(String.valueOf(e.getMessage()))));
    if (sheet == null || !errors.isEmpty()) {
      String why =
          errors.isEmpty() ? "" : " (" + errors.get(0).lines().findFirst().orElse("") + ")";
      faults.add(new FileFault(file, line, "This style is no CSS" + why + "."));
      return;
    }
    for (CSSStyleRule rule : sheet.getAllStyleRules()) {
      if (++rules > RULES_MAX) {
        faults.add(new FileFault(file, line, "There are more than " + RULES_MAX + " style rules."));
        return;
      }
      rule.getAllSelectors().forEach(selector -> apply(rule, selector, page, line));
    }
  }

  private void apply(CSSStyleRule rule, CSSSelector selector, Document page, int line) {
    String text = selector.getAsCSSString(WRITER, 0);
    // What a mail reader is to decide stays in <style>, and what jsoup reads in another way.
    if (text.contains(":") || text.contains("~=") || text.contains("|=") || text.equals("*")) {
      return;
    }
    if (++selectors > SELECTORS_MAX) {
      if (selectors == SELECTORS_MAX + 1) {
        faults.add(
            new FileFault(file, line, "There are more than " + SELECTORS_MAX + " selectors."));
      }
      return;
    }
    try {
      for (Element element : page.select(text)) {
        List<Declaration> declarations = found.computeIfAbsent(element, any -> new ArrayList<>());
        for (CSSDeclaration one : rule.getAllDeclarations()) {
          declarations.add(
              new Declaration(one.getAsCSSString(WRITER, 0), specificity(selector), rules));
        }
      }
    } catch (Selector.SelectorParseException e) {
      faults.add(new FileFault(file, line, "The selector \"" + text + "\" is not understood."));
    }
  }

  /** Selectors Level 3, section 9: identifiers before classes and attributes before elements. */
  private static long specificity(CSSSelector selector) {
    long ids = 0;
    long classes = 0;
    long elements = 0;
    for (ICSSSelectorMember member : selector.getAllMembers()) {
      if (member instanceof CSSSelectorSimpleMember simple) {
        ids += simple.isHash() ? 1 : 0;
        classes += simple.isClass() ? 1 : 0;
        elements += simple.isElementName() && !simple.getValue().equals("*") ? 1 : 0;
      } else if (member instanceof com.helger.css.decl.CSSSelectorAttribute) {
        classes++;
      }
    }
    return ids * 1_000_000 + classes * 1_000 + elements;
  }

  /** What stands in the element itself comes last, as it wins over every rule. */
  private void insert(
      Element element, List<Declaration> declarations, Map<Integer, String> insertions) {
    Range tag = element.sourceRange();
    if (!tag.isTracked() || tag.isImplicit()) {
      return; // an element the page implies, such as tbody
    }
    StringBuilder style = new StringBuilder();
    declarations.stream()
        .sorted(
            Comparator.comparingLong(Declaration::specificity).thenComparingInt(Declaration::order))
        .forEach(one -> style.append(escaped(one.text())).append(';'));
    org.jsoup.nodes.Attribute own = element.attribute("style");
    if (own == null) {
      int behindName = tag.startPos() + 1 + element.tagName().length();
      insertions.put(behindName, " style=\"" + style + "\"");
    } else {
      insertions.put(own.sourceRange().valueRange().startPos(), style.toString());
    }
  }

  private static String escaped(String css) {
    return css.strip()
        .replace("&", "&amp;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;")
        .replace("<", "&lt;")
        .replaceAll("\\s+", " ")
        .replaceAll(";$", "");
  }
}
