package dev.retour.messages;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.retour.config.FileFault;
import java.util.List;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;

/**
 * What may not be in a template although it would compile: operators that turn data into code or
 * switch the escaping off, foreign syntax, links a field could lead elsewhere, images without a
 * text (spec C3, C11).
 */
final class TemplateRules {
  private static final Pattern REFUSED =
      Pattern.compile(
          "\\?\\s*(new|api|eval|eval_json|interpret|no_esc|left_pad|right_pad)\\b"
              + "|\\[#\\s*(noautoesc|no_auto_esc|outputformat|output_format|ftl)\\b");
  private static final Pattern COMMENT = Pattern.compile("(?s)\\[#--.*?--\\]");
  private static final Pattern TAG = Pattern.compile("\\[[#@=][^\\]]*\\]");
  private static final Pattern RANGE = Pattern.compile("\\.\\.[^/\"'.]");
  private static final Pattern FOREIGN = Pattern.compile("\\$\\{|</?#[a-z]|</?@[a-z]|#\\{");
  private static final Pattern FIXED =
      Pattern.compile("(?i)(https?://[a-z0-9.-]+(:[0-9]+)?[/?#]|mailto:|tel:)(?s:.*)");
  private static final Pattern ABSOLUTE =
      Pattern.compile("(?i)(https?://[^/?#\\s]+|mailto:|tel:|cid:|#)(?s:.*)");
  private static final Pattern FIELD =
      Pattern.compile("\\[=\\s*(?:[A-Za-z_]\\w*\\s*\\.\\s*)+([A-Za-z_]\\w*)\\s*\\](?s:.*)");
  private static final List<String> LINKS =
      List.of("href", "src", "action", "background", "background-url", "poster");

  private final EventDefinition.Shape shape;
  private final List<FileFault> faults;

  TemplateRules(EventDefinition.Shape shape, List<FileFault> faults) {
    this.shape = shape;
    this.faults = faults;
  }

  /** Checks the source of any template. */
  void check(String file, String source) {
    String code = withoutComments(source);
    Matcher refused = REFUSED.matcher(code);
    for (int from = 0; refused.find(from); from = refused.end()) {
      if (code.lastIndexOf('[', refused.start()) >= 0) {
        fault(
            file,
            code,
            refused.start(),
            "\"" + refused.group().strip() + "\" is not available in messages.");
      }
    }
    Matcher tag = TAG.matcher(code);
    while (tag.find()) {
      if (RANGE.matcher(tag.group()).find()) {
        fault(file, code, tag.start(), "Ranges (..) are not available; list a collection instead.");
      }
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
    Document document = Jsoup.parse(source, "", Parser.xmlParser().setTrackPosition(true));
    for (Element element : document.getAllElements()) {
      int line = element.sourceRange().start().lineNumber();
      for (Attribute attribute : element.attributes()) {
        if (LINKS.contains(attribute.getKey().toLowerCase(java.util.Locale.ROOT))) {
          link(attribute.getValue().strip(), file, line);
        } else if (attribute.getKey().equals("style")
            && attribute.getValue().contains("url(")
            && attribute.getValue().contains("[=")) {
          faults.add(new FileFault(file, line, "A style may not load a personalised address."));
        } else if (attribute.getKey().startsWith("on")) {
          faults.add(
              new FileFault(
                  file,
                  line,
                  "No mail reader runs scripts; leave \"" + attribute.getKey() + "\" out."));
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
      if (name.equals("script") || name.equals("iframe") || name.equals("form")) {
        faults.add(new FileFault(file, line, "<" + name + "> has no place in a mail."));
      }
    }
  }

  private void link(String value, String file, int line) {
    if (value.isEmpty() || value.startsWith("[#--")) {
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
    if (FIXED.matches(value.substring(0, personal)) || isSafeField(value)) {
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
    List<FieldDefinition> named =
        java.util.stream.Stream.concat(
                shape.fields().stream(),
                shape.collections().stream().flatMap(one -> one.fields().stream()))
            .filter(field -> field.id().equals(id))
            .toList();
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
