package dev.retour.console;

import freemarker.cache.ClassTemplateLoader;
import freemarker.core.HTMLOutputFormat;
import freemarker.core.TemplateClassResolver;
import freemarker.template.Configuration;
import freemarker.template.SimpleScalar;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import freemarker.template.TemplateMethodModelEx;
import freemarker.template.TemplateModel;
import freemarker.template.TemplateModelException;
import freemarker.template.utility.DeepUnwrap;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Renders the console's own templates: HTML-escaping always on, no class can be reached from a
 * template, and each text passes {@link VisibleText} on its way in ({@link RecordWrapper}).
 *
 * <p>Functions of every template: {@code t(key, …)} a sentence, {@code word(kind, code)} the word
 * for a code, {@code when(instant)} a time, {@code cut(text, max)} a shortened text.
 */
final class Templates {
  private final Configuration configuration;

  Templates() {
    Configuration c = new Configuration(Configuration.VERSION_2_3_34);
    c.setTemplateLoader(new ClassTemplateLoader(Templates.class, "templates"));
    c.setDefaultEncoding("UTF-8");
    c.setURLEscapingCharset("UTF-8");
    c.setOutputFormat(HTMLOutputFormat.INSTANCE);
    c.setAutoEscapingPolicy(Configuration.ENABLE_IF_SUPPORTED_AUTO_ESCAPING_POLICY);
    c.setTagSyntax(Configuration.SQUARE_BRACKET_TAG_SYNTAX);
    c.setInterpolationSyntax(Configuration.SQUARE_BRACKET_INTERPOLATION_SYNTAX);
    c.setNewBuiltinClassResolver(TemplateClassResolver.ALLOWS_NOTHING_RESOLVER);
    c.setAPIBuiltinEnabled(false);
    c.setLocalizedLookup(false);
    c.setLocale(Locale.ROOT);
    c.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
    c.setLogTemplateExceptions(false);
    c.setWrapUncheckedExceptions(true);
    c.setObjectWrapper(new RecordWrapper());
    this.configuration = c;
  }

  /**
   * Renders one template.
   *
   * @param name file name in the folder {@code templates}
   * @param model what the template sees; records and lists of them as they are
   */
  String render(String name, Map<String, ?> model, Words words) {
    Map<String, Object> all = new HashMap<>(model);
    all.put("t", function(a -> words.say(text(a, 0), a.subList(1, a.size()))));
    all.put("say", function(a -> words.say(text(a, 0), (List<?>) a.get(1))));
    all.put("word", function(a -> words.word(text(a, 0), text(a, 1))));
    all.put("when", function(a -> words.when((Instant) a.get(0))));
    all.put("iso", function(a -> a.get(0).toString()));
    all.put("cut", function(a -> VisibleText.cut(text(a, 0), ((Number) a.get(1)).intValue())));
    StringWriter out = new StringWriter();
    try {
      configuration.getTemplate(name).process(all, out);
    } catch (IOException e) {
      throw new UncheckedIOException("a template of the console cannot be read: " + name, e);
    } catch (TemplateException e) {
      throw new IllegalStateException("a template of the console is wrong: " + name, e);
    }
    return out.toString();
  }

  private interface Function {
    String apply(List<?> arguments);
  }

  private static TemplateMethodModelEx function(Function function) {
    return arguments -> {
      List<@Nullable Object> plain = new ArrayList<>();
      for (Object argument : arguments) {
        plain.add(unwrap((TemplateModel) argument));
      }
      return new SimpleScalar(VisibleText.of(function.apply(plain)));
    };
  }

  private static @Nullable Object unwrap(TemplateModel model) throws TemplateModelException {
    return DeepUnwrap.permissiveUnwrap(model);
  }

  private static String text(List<?> arguments, int index) {
    return String.valueOf(arguments.get(index));
  }
}
