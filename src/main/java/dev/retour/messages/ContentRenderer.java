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

  ContentRenderer(
      EventDefinition definition,
      MessageTemplates templates,
      TemplateEngine engine,
      MessagesConfig config) {
    this.definition = definition;
    this.templates = templates;
    this.engine = engine;
    this.config = config;
  }

  /** The language an event asks for, or the message's own. */
  String language(JsonNode ctx) {
    String field = definition.language().field();
    String wanted = field == null ? "" : ctx.path(field).asText();
    return wanted.isEmpty() || Locale.forLanguageTag(wanted).getLanguage().isEmpty()
        ? definition.language().tag()
        : wanted;
  }

  /** A whole mail. */
  RenderedMail mail(RenderRequest request) {
    MimeComposer.Content content = content(request, templates.variant(language(request.ctx())));
    MimeComposer.Frame frame =
        new MimeComposer.Frame(
            definition.sender(),
            request.recipient(),
            request.cc(),
            request.messageId(),
            request.date(),
            definition.id() + ":mail:transactional:" + config.feedbackSender());
    Document document = request.document();
    byte[] raw =
        MimeComposer.compose(frame, content, document == null ? null : document.attachment());
    return new RenderedMail(content.subject(), request.messageId(), raw);
  }

  /** The parts of a mail, by the templates given. */
  MimeComposer.Content content(RenderRequest request, MessageTemplates.Variant variant) {
    Locale locale = locale(language(request.ctx()), variant);
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
    TemplateHashModel withSubject = EventModel.hash(root);
    String html = engine.render(variant.html(), withSubject, locale);
    Template text = variant.text();
    return new MimeComposer.Content(
        subject,
        headers,
        html,
        text == null ? PlainText.of(html) : engine.render(text, withSubject, locale));
  }

  /** Fills the source of a template, for the faults it may show; what it writes is dropped. */
  void rehearse(Template source, RenderRequest request) {
    String language = language(request.ctx());
    Map<String, TemplateModel> root =
        new EventModel(definition, config.timeZone()).root(request, language);
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
