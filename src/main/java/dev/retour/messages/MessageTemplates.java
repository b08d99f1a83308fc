package dev.retour.messages;

import dev.retour.config.FileFault;
import freemarker.template.Template;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The compiled templates of one message: a subject, an HTML part and perhaps a text part for each
 * language, and the headers. {@code message.de.mjml} is the German one, {@code message.mjml} the
 * one for everybody else.
 */
final class MessageTemplates {
  private static final String ANY = "";

  private final Map<String, Variant> variants;
  private final Map<String, Template> headers;

  private MessageTemplates(Map<String, Variant> variants, Map<String, Template> headers) {
    this.variants = variants;
    this.headers = headers;
  }

  /**
   * The templates of one language.
   *
   * @param language the tag in the file names; empty for the one without
   * @param text null when the text part is derived from the HTML
   * @param images the parts of a mail with the images its HTML shows
   */
  record Variant(
      String language,
      Template subject,
      Template html,
      @Nullable Template text,
      List<byte[]> images) {}

  Map<String, Template> headers() {
    return headers;
  }

  List<Variant> variants() {
    return List.copyOf(variants.values());
  }

  /**
   * Whether there are files of this language; those without one in their name are written in the
   * message's own.
   */
  boolean isWrittenIn(String tag, String own) {
    String lower = tag.toLowerCase(Locale.ROOT);
    String language = withoutRegion(lower);
    return variants.containsKey(lower)
        || variants.containsKey(language)
        || language.equals(withoutRegion(own.toLowerCase(Locale.ROOT)));
  }

  private static String withoutRegion(String tag) {
    int region = tag.indexOf('-');
    return region < 0 ? tag : tag.substring(0, region);
  }

  /** The best one for a language tag: itself, its language without region, the one for all. */
  Variant variant(String tag) {
    String lower = tag.toLowerCase(Locale.ROOT);
    Variant exact = variants.get(lower);
    if (exact == null) {
      exact = variants.get(withoutRegion(lower));
    }
    if (exact == null) {
      exact = variants.get(ANY);
    }
    if (exact == null) {
      throw new IllegalStateException("A message without files for all languages is not loaded.");
    }
    return exact;
  }

  /** Compiles everything; what is returned is complete only when no fault was added. */
  static MessageTemplates compile(
      EventDefinition definition,
      Map<String, String> files,
      TemplateEngine engine,
      List<FileFault> faults) {
    MessageTemplates templates = new MessageTemplates(new TreeMap<>(), new LinkedHashMap<>());
    String folder = definition.id() + "/";
    SortedSet<String> languages = languages(folder, files);
    languages.add(ANY);
    for (String language : languages) {
      String tag = language.isEmpty() ? definition.language().tag() : language;
      String from = definition.sender().address();
      Images images = new Images(folder, files, from.substring(from.lastIndexOf('@') + 1));
      Compilation one =
          new Compilation(folder, files, engine, images, new ArrayList<>(), new ArrayList<>());
      Variant variant = one.variant(language, tag);
      faults.addAll(one.faults());
      if (variant != null) {
        engine.encodeFixed(variant.html());
        if (variant.text() != null) {
          engine.encodeFixed(variant.text());
        }
        templates.variants.put(language.toLowerCase(Locale.ROOT), variant);
      }
    }
    definition
        .headers()
        .forEach(
            (name, header) -> {
              List<FileFault> inHeader = new ArrayList<>();
              Template template = engine.text(definition.file(), header.text(), inHeader);
              inHeader.forEach(
                  fault -> faults.add(new FileFault(fault.file(), header.line(), fault.text())));
              if (template != null) {
                templates.headers.put(name, template);
              }
            });
    return templates;
  }

  /** Language tags between the dots of message and subject files. */
  private static SortedSet<String> languages(String folder, Map<String, String> files) {
    SortedSet<String> languages = new TreeSet<>();
    for (String file : files.keySet()) {
      String[] parts = file.substring(file.lastIndexOf('/') + 1).split("\\.", -1);
      boolean named = parts[0].equals("message") || parts[0].equals("subject");
      if (file.startsWith(folder) && named && parts.length == 3) {
        languages.add(parts[1]);
      }
    }
    return languages;
  }

  private record Compilation(
      String folder,
      Map<String, String> files,
      TemplateEngine engine,
      Images images,
      List<byte[]> parts,
      List<FileFault> faults) {

    @Nullable Variant variant(String language, String tag) {
      String suffix = language.isEmpty() ? "." : "." + language + ".";
      Template subject = subject(folder + "subject" + suffix + "txt");
      Template html = html(folder + "message" + suffix, tag);
      String textFile = folder + "message" + suffix + "txt";
      String textSource = files.get(textFile);
      Template text = textSource == null ? null : engine.text(textFile, textSource, faults);
      return subject == null || html == null || !faults.isEmpty()
          ? null
          : new Variant(language, subject, html, text, List.copyOf(parts));
    }

    private @Nullable Template subject(String file) {
      String source = files.get(file);
      if (source == null) {
        faults.add(
            new FileFault(file, 0, "The file is missing; a mail without subject is not sent."));
        return null;
      }
      return engine.text(file, source, faults);
    }

    private @Nullable Template html(String stem, String tag) {
      boolean mjml = files.containsKey(stem + "mjml");
      if (mjml == files.containsKey(stem + "html")) {
        faults.add(
            new FileFault(
                stem + "mjml",
                0,
                mjml
                    ? "There is a .html beside the .mjml; only one of them can be the message."
                    : "The file is missing, and there is no .html in its place."));
        return null;
      }
      if (!mjml) {
        String page = stem + "html";
        String source = new MjmlCompiler(files).inlined(page, faults);
        return withImages(page, source);
      }
      String file = stem + "mjml";
      String source = files.getOrDefault(file, "");
      // The source itself is a template too, and its faults have the lines the author sees.
      if (engine.html(file, source, faults) == null) {
        return null;
      }
      String html = new MjmlCompiler(files).compile(file, tag, faults);
      return html == null ? null : withImages(file, html);
    }

    private @Nullable Template withImages(String file, String html) {
      Images.Embedded embedded = images.embed(file, html, faults);
      parts.addAll(embedded.parts());
      return engine.html(file, embedded.html(), faults);
    }
  }
}
