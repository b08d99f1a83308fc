package dev.retour.messages;

import dev.retour.config.FileFault;
import freemarker.core.Environment;
import freemarker.core.HTMLOutputFormat;
import freemarker.core.InvalidReferenceException;
import freemarker.core.PlainTextOutputFormat;
import freemarker.template.Configuration;
import freemarker.template.SimpleObjectWrapper;
import freemarker.template.Template;
import freemarker.template.TemplateException;
import freemarker.template.TemplateHashModel;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * FreeMarker for one message, closed: square brackets, HTML escaped, no class, no method of Java,
 * and no file but the ones of the snapshot it was given.
 */
final class TemplateEngine {
  static final SimpleObjectWrapper WRAPPER = new SimpleObjectWrapper(Configuration.VERSION_2_3_35);

  private final MessagesConfig config;
  private final ClosedConfiguration html;
  private final ClosedConfiguration text;
  private final FixedTexts fixed = new FixedTexts();

  TemplateEngine(Map<String, String> files, EventDefinition.Shape shape, MessagesConfig config) {
    this.config = config;
    LinkGuard guard = LinkGuard.of(shape, config.unsubscribe().host());
    this.html = new ClosedConfiguration(files, config, HTMLOutputFormat.INSTANCE, guard, fixed);
    this.text =
        new ClosedConfiguration(files, config, PlainTextOutputFormat.INSTANCE, guard, fixed);
  }

  /** Compiles a template whose output is HTML; nothing when it has a fault, which is added. */
  @Nullable Template html(String file, String source, List<FileFault> faults) {
    return html.compile(file, source, faults);
  }

  /** Compiles a template whose output is text. */
  @Nullable Template text(String file, String source, List<FileFault> faults) {
    return text.compile(file, source, faults);
  }

  /** Encodes what a template writes in every mail, so that mails only copy it. */
  void encodeFixed(Template template) {
    fixed.add(template);
  }

  /**
   * Writes one part as a text.
   *
   * @throws RenderException when the template is at fault
   */
  String render(Template template, TemplateHashModel model, Locale locale) {
    try (RenderWatch.Rendering rendering = watch()) {
      TextWriter out = new TextWriter(new OutputLimit(config.outputCharsMax(), rendering));
      process(template, model, locale, out, rendering);
      return out.toString();
    }
  }

  /**
   * Writes one part as octets, in quoted-printable.
   *
   * @throws RenderException when the template is at fault
   */
  void render(Template template, TemplateHashModel model, Locale locale, Octets octets) {
    try (RenderWatch.Rendering rendering = watch();
        QuotedPrintableWriter out =
            new QuotedPrintableWriter(
                octets, new OutputLimit(config.outputCharsMax(), rendering), fixed)) {
      process(template, model, locale, out, rendering);
    }
  }

  private RenderWatch.Rendering watch() {
    return RenderWatch.begin(config.renderTimeMax(), config.renderBytesMax());
  }

  private void process(
      Template template,
      TemplateHashModel model,
      Locale locale,
      Writer out,
      RenderWatch.Rendering rendering) {
    try {
      Environment environment = template.createProcessingEnvironment(model, out);
      environment.setTemplateProcessingTracer(new StepLimit(config.stepsMax()));
      environment.setLocale(locale);
      environment.process();
    } catch (InvalidReferenceException e) {
      throw refused(
          template,
          e,
          "The variable "
              + e.getBlamedExpressionString()
              + " has no value here. Give a default or ask with ?? first.");
    } catch (TemplateException e) {
      String limit = limit(e, rendering);
      throw refused(template, e, limit != null ? limit : firstLine(e.getMessageWithoutStackTop()));
    } catch (IOException e) {
      throw new RenderException(
          new FileFault(template.getName(), 0, String.valueOf(e.getMessage())), e);
    } catch (StackOverflowError e) {
      throw new RenderException(
          new FileFault(template.getName(), 0, "A macro or function calls itself without end."), e);
    } catch (StepLimit.TooManyStepsException e) {
      throw new RenderException(e.fault(), e);
    } catch (RuntimeException e) {
      String limit = limit(e, rendering);
      if (limit == null) {
        throw e;
      }
      throw new RenderException(new FileFault(template.getName(), 0, limit), e);
    }
  }

  /** The sentence of a limit or a wall of ours; null when FreeMarker itself has a fault to tell. */
  private static @Nullable String limit(Throwable e, RenderWatch.Rendering rendering) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof OutputLimit.LimitException
          || cause instanceof StepLimit.TooManyStepsException
          || cause instanceof ClosedConfiguration.RefusedException
          || cause instanceof BoundedArithmetic.TooLongException) {
        return String.valueOf(cause.getMessage());
      }
    }
    return rendering.fault();
  }

  private static RenderException refused(Template template, TemplateException e, String text) {
    String file =
        e.getTemplateSourceName() == null ? template.getName() : e.getTemplateSourceName();
    int line = e.getLineNumber() == null ? 0 : e.getLineNumber();
    return new RenderException(new FileFault(file, line, text), e);
  }

  static String firstLine(@Nullable String text) {
    return text == null ? "The template has a fault." : text.strip().lines().findFirst().orElse("");
  }
}
