package dev.retour.messages;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retour.config.FileFault;
import freemarker.template.SimpleScalar;
import freemarker.template.Template;
import freemarker.template.TemplateHashModel;
import freemarker.template.TemplateModel;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Fills the templates of one message. The one renderer for preview, proof and sending. */
final class ContentRenderer {
  private final EventDefinition definition;
  private final MessageTemplates templates;
  private final TemplateEngine engine;
  private final MessagesConfig config;
  private final MimeComposer.Fixed fixed;

  ContentRenderer(
      EventDefinition definition,
      MessageTemplates templates,
      TemplateEngine engine,
      MessagesConfig config) {
    this.definition = definition;
    this.templates = templates;
    this.engine = engine;
    this.config = config;
    this.fixed =
        MimeComposer.Fixed.of(
            definition.sender(),
            definition.id() + ":mail:transactional:" + config.feedbackSender());
  }

  /** The first language an event asks for that the message is written in, or the message's own. */
  String language(JsonNode ctx) {
    String own = definition.language().tag();
    for (String field : definition.language().fields()) {
      int dot = field.indexOf('.');
      String wanted =
          dot < 0
              ? ctx.path(field).asText()
              : ctx.path(field.substring(0, dot)).path(field.substring(dot + 1)).asText();
      if (!wanted.isEmpty() && templates.isWrittenIn(wanted, own)) {
        return wanted;
      }
    }
    return own;
  }

  /** A try shows a link, too; it unsubscribes nobody. */
  private RenderRequest linked(RenderRequest asked) {
    if (definition.handling().category() == null || asked.unsubscribe() != null) {
      return asked;
    }
    if (!config.unsubscribe().isSet()) {
      throw new RenderException(
          new FileFault(
              definition.file(),
              0,
              "It declares \"unsubscribe\", but unsubscribe.url is not set; no mail goes out without"
                  + " its link."));
    }
    return asked.unsubscribingAt(config.unsubscribe().link("preview"));
  }

  /** A whole mail. */
  RenderedMail mail(RenderRequest asked) {
    RenderRequest request = linked(asked);
    String language = language(request.ctx());
    MessageTemplates.Variant variant = templates.variant(language);
    Filling filling = filling(request, variant, language);
    MimeComposer.Content content =
        new MimeComposer.Content(
            request.subjectPrefix() + filling.subject(),
            filling.headers(),
            html(filling, variant),
            text(filling, variant),
            variant.images());
    MimeComposer.Frame frame =
        new MimeComposer.Frame(
            fixed,
            request.recipient(),
            request.cc(),
            request.messageId(),
            request.date(),
            request.unsubscribe());
    byte[] raw = MimeComposer.compose(frame, content, request.files());
    return new RenderedMail(content.subject(), request.messageId(), raw);
  }

  private MimeComposer.Part html(Filling filling, MessageTemplates.Variant variant) {
    return out -> engine.render(variant.html(), filling.model(), filling.locale(), out);
  }

  private MimeComposer.Part text(Filling filling, MessageTemplates.Variant variant) {
    Template text = variant.text();
    return text != null
        ? out -> engine.render(text, filling.model(), filling.locale(), out)
        : out -> QuotedPrintableWriter.write(derived(filling, variant), out);
  }

  private String derived(Filling filling, MessageTemplates.Variant variant) {
    return PlainText.of(engine.render(variant.html(), filling.model(), filling.locale()));
  }

  /** The HTML of a mail, by the templates given; its other parts are rendered and dropped. */
  String html(RenderRequest asked, MessageTemplates.Variant variant) {
    RenderRequest request = linked(asked);
    Filling filling = filling(request, variant, language(request.ctx()));
    Template text = variant.text();
    if (text != null) {
      engine.render(text, filling.model(), filling.locale());
    }
    return engine.render(variant.html(), filling.model(), filling.locale());
  }

  /** What the parts of one mail have in common. */
  private record Filling(
      Locale locale, TemplateHashModel model, String subject, Map<String, String> headers) {}

  private Filling filling(
      RenderRequest request, MessageTemplates.Variant variant, String language) {
    Locale locale = locale(language, variant);
    Map<String, TemplateModel> root =
        new EventModel(definition, config.timeZone()).root(request, locale.toLanguageTag());
    TemplateHashModel model = EventModel.hash(root);
    String subject = HeaderField.oneLine(engine.render(variant.subject(), model, locale));
    if (subject.isEmpty()) {
      throw new RenderException(
          new FileFault(
              variant.subject().getName(), 0, "The subject is empty; the mail is not sent."));
    }
    Map<String, String> headers = new LinkedHashMap<>();
    templates
        .headers()
        .forEach((name, header) -> headers.put(name, engine.render(header, model, locale)));
    root.put("subject", new SimpleScalar(subject));
    return new Filling(locale, model, subject, headers);
  }

  /** Fills the source of a template, for the faults it may show; what it writes is dropped. */
  void rehearse(Template source, RenderRequest request) {
    String language = language(request.ctx());
    Map<String, TemplateModel> root =
        new EventModel(definition, config.timeZone()).root(linked(request), language);
    root.put("subject", new SimpleScalar("subject"));
    engine.render(source, EventModel.hash(root), Locale.forLanguageTag(language));
  }

  /** The region somebody asked for counts only when the text is in that language. */
  private Locale locale(String wanted, MessageTemplates.Variant variant) {
    String own = variant.language().isEmpty() ? definition.language().tag() : variant.language();
    Locale asked = Locale.forLanguageTag(wanted);
    Locale written = Locale.forLanguageTag(own);
    return asked.getLanguage().equals(written.getLanguage()) ? asked : written;
  }
}
