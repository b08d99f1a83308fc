package dev.retour.messages;

import dev.retour.config.FileFault;
import freemarker.cache.NullCacheStorage;
import freemarker.cache.StrongCacheStorage;
import freemarker.cache.TemplateLoader;
import freemarker.core.Environment;
import freemarker.core.HTMLOutputFormat;
import freemarker.core.InvalidReferenceException;
import freemarker.core.OutputFormat;
import freemarker.core.ParseException;
import freemarker.core.PlainTextOutputFormat;
import freemarker.core.TemplateClassResolver;
import freemarker.template.Configuration;
import freemarker.template.SimpleObjectWrapper;
import freemarker.template.Template;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import freemarker.template.TemplateHashModel;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;

/**
 * FreeMarker for one message, closed: square brackets, HTML escaped, no class, no method of Java,
 * and no file but the ones of the snapshot it was given.
 */
final class TemplateEngine {
  static final SimpleObjectWrapper WRAPPER = new SimpleObjectWrapper(Configuration.VERSION_2_3_35);

  private final MessagesConfig config;
  private final Configuration html;
  private final Configuration text;

  TemplateEngine(Map<String, String> files, MessagesConfig config) {
    this.config = config;
    this.html = configuration(files, config, HTMLOutputFormat.INSTANCE);
    this.text = configuration(files, config, PlainTextOutputFormat.INSTANCE);
  }

  private static Configuration configuration(
      Map<String, String> files, MessagesConfig config, OutputFormat format) {
    Configuration configuration = new Configuration(Configuration.VERSION_2_3_35);
    configuration.setTagSyntax(Configuration.SQUARE_BRACKET_TAG_SYNTAX);
    configuration.setInterpolationSyntax(Configuration.SQUARE_BRACKET_INTERPOLATION_SYNTAX);
    configuration.setOutputFormat(format);
    configuration.setRecognizeStandardFileExtensions(false);
    configuration.setNewBuiltinClassResolver(TemplateClassResolver.ALLOWS_NOTHING_RESOLVER);
    configuration.setAPIBuiltinEnabled(false);
    configuration.setObjectWrapper(WRAPPER);
    configuration.setTemplateLoader(new SnapshotLoader(files));
    configuration.setCacheStorage(
        files.isEmpty() ? new NullCacheStorage() : new StrongCacheStorage());
    configuration.setTemplateUpdateDelayMilliseconds(Long.MAX_VALUE);
    configuration.setLocalizedLookup(false);
    configuration.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
    configuration.setLogTemplateExceptions(false);
    configuration.setWrapUncheckedExceptions(true);
    configuration.setFallbackOnNullLoopVariable(false);
    configuration.setDefaultEncoding("UTF-8");
    configuration.setURLEscapingCharset("UTF-8");
    configuration.setDateFormat("long");
    configuration.setDateTimeFormat("long_short");
    configuration.setTimeZone(TimeZone.getTimeZone(config.timeZone()));
    return configuration;
  }

  /** Compiles a template whose output is HTML; nothing when it has a fault, which is added. */
  @Nullable Template html(String file, String source, List<FileFault> faults) {
    return compile(file, source, html, faults);
  }

  /** Compiles a template whose output is text. */
  @Nullable Template text(String file, String source, List<FileFault> faults) {
    return compile(file, source, text, faults);
  }

  private static @Nullable Template compile(
      String file, String source, Configuration configuration, List<FileFault> faults) {
    try {
      return new Template(file, file, new StringReader(source), configuration);
    } catch (ParseException e) {
      faults.add(new FileFault(file, e.getLineNumber(), firstLine(e.getEditorMessage())));
    } catch (IOException e) {
      throw new UncheckedIOException("A text in memory cannot fail to be read.", e);
    }
    return null;
  }

  /**
   * Writes one part.
   *
   * @throws RenderException when the template is at fault
   */
  String render(Template template, TemplateHashModel model, Locale locale) {
    BoundedWriter out = new BoundedWriter(config.outputCharsMax(), config.renderTimeMax());
    try {
      Environment environment = template.createProcessingEnvironment(model, out);
      environment.setLocale(locale);
      environment.process();
      return out.toString();
    } catch (InvalidReferenceException e) {
      throw refused(
          template,
          e,
          "The variable "
              + e.getBlamedExpressionString()
              + " has no value here. Give a default or ask with ?? first.");
    } catch (TemplateException e) {
      throw refused(template, e, limit(e, firstLine(e.getMessageWithoutStackTop())));
    } catch (IOException e) {
      throw new RenderException(
          new FileFault(template.getName(), 0, String.valueOf(e.getMessage())), e);
    } catch (StackOverflowError e) {
      throw new RenderException(
          new FileFault(template.getName(), 0, "A macro or function calls itself without end."), e);
    }
  }

  private static String limit(Throwable e, String text) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof BoundedWriter.LimitException) {
        return String.valueOf(cause.getMessage());
      }
    }
    return text;
  }

  private static RenderException refused(Template template, TemplateException e, String text) {
    String file =
        e.getTemplateSourceName() == null ? template.getName() : e.getTemplateSourceName();
    int line = e.getLineNumber() == null ? 0 : e.getLineNumber();
    return new RenderException(new FileFault(file, line, text), e);
  }

  private static String firstLine(@Nullable String text) {
    return text == null ? "The template has a fault." : text.strip().lines().findFirst().orElse("");
  }

  /** Templates that others include: only those of the snapshot exist. */
  private record SnapshotLoader(Map<String, String> files) implements TemplateLoader {
    @Override
    public @Nullable Object findTemplateSource(String name) {
      return files.containsKey(name) ? name : null;
    }

    @Override
    public long getLastModified(Object source) {
      return 0;
    }

    @Override
    public Reader getReader(Object source, String encoding) {
      return new StringReader(files.getOrDefault((String) source, ""));
    }

    @Override
    public void closeTemplateSource(Object source) {}
  }
}
