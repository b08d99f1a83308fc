package dev.retour.messages;

import dev.retour.config.FileFault;
import freemarker.cache.NullCacheStorage;
import freemarker.cache.TemplateLoader;
import freemarker.core.OutputFormat;
import freemarker.core.ParseException;
import freemarker.core.TemplateClassResolver;
import freemarker.core._CoreAPI;
import freemarker.template.Configuration;
import freemarker.template.Template;
import freemarker.template.TemplateExceptionHandler;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * FreeMarker with nothing that messages do not need. Every template that comes to be here, whether
 * compiled or included by another one, is held to {@link TemplateGrammar}, has its links guarded,
 * and looks where it loops whether it is to stop.
 */
final class ClosedConfiguration extends Configuration {
  private static final Set<String> ENDINGS = Set.of("ftl", "html", "mjml", "txt");
  private static final int INCLUDED_MAX = 1_000;

  private final FixedTexts fixed;
  private final boolean markup;
  private final LinkGuard guard;
  private final Map<String, Template> included = new ConcurrentHashMap<>();

  ClosedConfiguration(
      Map<String, String> files,
      MessagesConfig config,
      OutputFormat format,
      LinkGuard guard,
      FixedTexts fixed) {
    super(VERSION_2_3_35);
    this.guard = guard;
    this.fixed = fixed;
    this.markup = format.getMimeType().equals("text/html");
    setTagSyntax(SQUARE_BRACKET_TAG_SYNTAX);
    setInterpolationSyntax(SQUARE_BRACKET_INTERPOLATION_SYNTAX);
    setOutputFormat(format);
    setRecognizeStandardFileExtensions(false);
    setNewBuiltinClassResolver(TemplateClassResolver.ALLOWS_NOTHING_RESOLVER);
    setAPIBuiltinEnabled(false);
    setObjectWrapper(TemplateEngine.WRAPPER);
    setTemplateLoader(new SnapshotLoader(files, markup));
    setCacheStorage(new NullCacheStorage());
    setArithmeticEngine(BoundedArithmetic.INSTANCE);
    setLocalizedLookup(false);
    setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
    setLogTemplateExceptions(false);
    setWrapUncheckedExceptions(true);
    setFallbackOnNullLoopVariable(false);
    setDefaultEncoding("UTF-8");
    setURLEscapingCharset("UTF-8");
    setDateFormat("long");
    setDateTimeFormat("long_short");
    setTimeZone(TimeZone.getTimeZone(config.timeZone()));
  }

  /** A template or a file may not be used; the message is a sentence. */
  static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    RefusedException(String text) {
      super(text);
    }
  }

  /** Compiles a template; nothing when it has a fault, which is added. */
  @Nullable Template compile(String file, String source, List<FileFault> faults) {
    int before = faults.size();
    try {
      Template template = new Template(file, file, new StringReader(guarded(source, markup)), this);
      prepare(file, template, faults);
      return faults.size() == before ? template : null;
    } catch (ParseException e) {
      String text = TemplateEngine.firstLine(e.getEditorMessage());
      faults.add(new FileFault(file, e.getLineNumber(), text));
    } catch (IOException e) {
      faults.add(new FileFault(file, 0, String.valueOf(e.getMessage())));
    }
    return null;
  }

  private static String guarded(String source, boolean markup) throws IOException {
    if (source.contains(LinkGuard.NAME)) {
      throw new RefusedException("The word " + LinkGuard.NAME + " is taken.");
    }
    return markup ? LinkGuard.wrap(source) : source;
  }

  private void prepare(String file, Template template, List<FileFault> faults) {
    TemplateGrammar.check(file, SyntaxTree.of(template), faults);
    SyntaxTree.fix(template, LinkGuard.NAME, guard);
    SyntaxTree.stopAtAssignments(template);
    _CoreAPI.addThreadInterruptedChecks(template);
  }

  /** What includes and imports get. */
  @Override
  public Template getTemplate(
      String name,
      @Nullable Locale locale,
      @Nullable Object condition,
      @Nullable String encoding,
      boolean parse,
      boolean ignoreMissing)
      throws IOException {
    Template known = included.get(name);
    if (known != null && parse) {
      return known;
    }
    if (!parse) {
      throw new RefusedException("A file can be included as a template only.");
    }
    Template template = super.getTemplate(name, locale, condition, encoding, parse, true);
    if (template == null) {
      throw new RefusedException("There is no file " + name + " to include.");
    }
    List<FileFault> faults = new ArrayList<>();
    prepare(template.getName(), template, faults);
    if (!faults.isEmpty()) {
      throw new RefusedException(faults.get(0).toString());
    }
    // One file has many spellings ("a/../b"), and a template may make them up.
    if (included.size() < INCLUDED_MAX && included.putIfAbsent(name, template) == null) {
      fixed.add(template);
    }
    return template;
  }

  /** Templates that others include: only those of the snapshot exist. */
  private record SnapshotLoader(Map<String, String> files, boolean markup)
      implements TemplateLoader {
    @Override
    public @Nullable Object findTemplateSource(String name) {
      String ending = name.substring(name.lastIndexOf('.') + 1);
      return files.containsKey(name) && ENDINGS.contains(ending) ? name : null;
    }

    @Override
    public long getLastModified(Object source) {
      return 0;
    }

    @Override
    public Reader getReader(Object source, String encoding) throws IOException {
      return new StringReader(guarded(files.getOrDefault((String) source, ""), markup));
    }

    @Override
    public void closeTemplateSource(Object source) {}
  }
}
