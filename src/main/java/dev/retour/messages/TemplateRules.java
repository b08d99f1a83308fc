package dev.retour.messages;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.retour.config.FileFault;
import java.util.List;
import java.util.Locale;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;

/**
 * What may not be in the text of a template: foreign syntax, links a field could lead elsewhere,
 * values that could get out of their attribute, images without a text (spec C3, C11). What its
 * instructions may be is the matter of {@link TemplateGrammar}.
 */
final class TemplateRules {
  private static final Pattern HEADER = Pattern.compile("\\[#\\s*ftl\\b");
  private static final Pattern COMMENT = Pattern.compile("(?s)\\[#--.*?--\\]");
  private static final Pattern FOREIGN = Pattern.compile("\\$\\{|</?#[a-z]|</?@[a-z]|#\\{");
  private static final Pattern FIXED =
      Pattern.compile("(?i)(https?://[a-z0-9.-]+(:[0-9]+)?[/?#]|mailto:|tel:)(?s:.*)");
  private static final Pattern ABSOLUTE =
      Pattern.compile("(?i)(https?://[^/?#\\s]+|mailto:|tel:|cid:|#)(?s:.*)");
  private static final Pattern FIELD =
      Pattern.compile("\\[=\\s*(?:[A-Za-z_]\\w*\\s*\\.\\s*)+([A-Za-z_]\\w*)\\s*\\](?s:.*)");
  private static final Pattern UNSUBSCRIBE =
      Pattern.compile("\\[=\\s*" + LinkGuard.UNSUBSCRIBE + "\\s*\\]");
  private static final List<String> LINKS =
      List.of(
          "href",
          "xlink:href",
          "src",
          "srcset",
          "action",
          "formaction",
          "background",
          "background-url",
          "base-url",
          "poster");

  private final EventDefinition.Shape shape;
  private final List<FileFault> faults;

  TemplateRules(EventDefinition.Shape shape, List<FileFault> faults) {
    this.shape = shape;
    this.faults = faults;
  }

  /** Checks the source of any template. */
  void check(String file, String source) {
    String code = withoutComments(source);
    Matcher header = HEADER.matcher(code);
    if (header.find()) {
      fault(file, code, header.start(), "[#ftl] is not available in messages.");
    }
    Matcher foreign = FOREIGN.matcher(code);
    if (foreign.find()) {
      fault(
          file,
          code,
          foreign.start(),
          "\"" + foreign.group() + "\" would appear in the mail as it is; write [=x] and [#if x].");
    }
  }

  /** Checks the links and images of HTML or MJML. */
  void checkMarkup(String file, String source) {
    String code = withoutComments(source);
    Document document = Jsoup.parse(code, "", Parser.xmlParser().setTrackPosition(true));
    for (Element element : document.getAllElements()) {
      int line = element.sourceRange().start().lineNumber();
      for (Attribute attribute : element.attributes()) {
        quoted(attribute, code, file, line);
        String key = name(attribute);
        if (LINKS.contains(key)) {
          link(attribute.getValue().strip(), file, line);
        }
        if (isStyle(attribute) && attribute.getValue().contains("[=")) {
          faults.add(new FileFault(file, line, "A style may not load a personalised address."));
        }
        if (key.startsWith("on")) {
          faults.add(
              new FileFault(file, line, "No mail reader runs scripts; leave \"" + key + "\" out."));
        }
      }
      String name = element.normalName();
      if ((name.equals("img") || name.equals("mj-image")) && !element.hasAttr("alt")) {
        faults.add(
            new FileFault(
                file,
                line,
                "This image has no \"alt\"; people who do not see it need a text (\"\" for mere decoration)."));
      }
      if (isPersonalStyle(element, name)) {
        faults.add(new FileFault(file, line, "A style may not load a personalised address."));
      }
      if (name.equals("meta") && element.hasAttr("http-equiv") && hasInstruction(element)) {
        faults.add(new FileFault(file, line, "A <meta> that acts on its own takes no value."));
      }
      if (name.equals("script") || name.equals("iframe") || name.equals("form")) {
        faults.add(new FileFault(file, line, "<" + name + "> has no place in a mail."));
      }
    }
  }

  /** Without the instruction that may stand before it: {@code [#if x]href} is a href. */
  private static String name(Attribute attribute) {
    String key = attribute.getKey();
    return key.substring(key.lastIndexOf(']') + 1).toLowerCase(Locale.ROOT);
  }

  private static boolean isPersonalStyle(Element element, String name) {
    String css = element.wholeText();
    return (name.equals("style") || name.equals("mj-style"))
        && css.contains("[=")
        && css.toLowerCase(Locale.ROOT).contains("url(");
  }

  private static boolean hasInstruction(Element element) {
    return element.attributes().asList().stream().anyMatch(each -> each.getValue().contains("["));
  }

  /** MJML writes the address of a background into a style too, where other signs would end it. */
  private static boolean isStyle(Attribute attribute) {
    String key = name(attribute);
    return key.equals("background-url")
        || (key.equals("style") && attribute.getValue().toLowerCase(Locale.ROOT).contains("url("));
  }

  /** Escaping holds a value inside quotes; elsewhere in a tag it could add attributes. */
  private void quoted(Attribute attribute, String code, String file, int line) {
    int begin = attribute.sourceRange().valueRange().startPos();
    boolean open = begin > 0 && "\"'".indexOf(code.charAt(begin - 1)) < 0;
    if (attribute.getKey().endsWith("[") || (attribute.getValue().contains("[=") && open)) {
      faults.add(
          new FileFault(file, line, "Inside a tag a value may stand only in a quoted attribute."));
    }
  }

  private void link(String value, String file, int line) {
    if (value.isEmpty()) {
      return;
    }
    int personal = value.indexOf('[');
    if (personal < 0) {
      if (!ABSOLUTE.matches(value)) {
        faults.add(
            new FileFault(
                file,
                line,
                "The link \"" + value + "\" leads nowhere from a mail; begin with https://."));
      }
      return;
    }
    if (FIXED.matches(value.substring(0, personal))
        || UNSUBSCRIBE.matches(value)
        || isSafeField(value)) {
      return;
    }
    faults.add(
        new FileFault(
            file,
            line,
            "The personalised link \""
                + value
                + "\" must begin with a fixed scheme and domain such as https://www.example.com/,"
                + " or be a field of type url with \"domains\"; otherwise an event could lead"
                + " customers anywhere."));
  }

  /** A value that can only be a URL field whose domains are fixed in event.yaml. */
  private boolean isSafeField(String value) {
    Matcher matcher = FIELD.matcher(value);
    if (!matcher.matches()) {
      return false;
    }
    String id = matcher.group(1);
    List<FieldDefinition> named = shape.allFields().filter(field -> field.id().equals(id)).toList();
    return !named.isEmpty()
        && named.stream()
            .allMatch(field -> field.type() == FieldType.URL && !field.domains().isEmpty());
  }

  /** Comments may stand between an operator and its name; line ends are kept for the numbers. */
  private static String withoutComments(String source) {
    Matcher comment = COMMENT.matcher(source);
    StringBuilder code = new StringBuilder();
    int from = 0;
    while (comment.find()) {
      code.append(source, from, comment.start());
      code.append("\n".repeat((int) comment.group().chars().filter(c -> c == '\n').count()));
      from = comment.end();
    }
    return code.append(source.substring(from)).toString();
  }

  private void fault(String file, String source, int offset, String text) {
    int line = 1 + (int) source.substring(0, offset).chars().filter(c -> c == '\n').count();
    faults.add(new FileFault(file, line, text));
  }
}
