package dev.retour.messages;

import ch.digitalfondue.mjml4j.Mjml4j;
import dev.retour.config.FileFault;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Turns MJML into HTML, once, when a message is published; the template tags in it survive. */
final class MjmlCompiler {
  /** Ends the name under which the HTML of a file stands beside it; no file can be called so. */
  private static final String COMPILED = "#html";

  private final Map<String, String> files;

  /** Files by path below the folder of messages; only these can be included. */
  MjmlCompiler(Map<String, String> files) {
    this.files = files;
  }

  /** The HTML; null when the MJML has a fault, which is added. */
  @Nullable String compile(String file, String language, List<FileFault> faults) {
    String before = files.get(file + COMPILED);
    return before == null ? render(file, language, faults) : before;
  }

  /** Plain HTML with its styles in the elements, once as well. */
  String inlined(String file, List<FileFault> faults) {
    String before = files.get(file + COMPILED);
    return before == null ? CssInliner.inline(file, files.getOrDefault(file, ""), faults) : before;
  }

  /**
   * Compiles all messages among files.
   *
   * @param language of those without one in their name
   * @return the HTML, by the name this compiler finds it under when it stands among the files
   */
  static SortedMap<String, String> compiled(
      Map<String, String> files, String language, List<FileFault> faults) {
    MjmlCompiler compiler = new MjmlCompiler(files);
    SortedMap<String, String> compiled = new TreeMap<>();
    for (String file : files.keySet()) {
      String[] name = file.substring(file.lastIndexOf('/') + 1).split("\\.", -1);
      if (name[0].equals("message") && name[name.length - 1].equals("mjml")) {
        String html = compiler.compile(file, name.length == 3 ? name[1] : language, faults);
        if (html != null) {
          compiled.put(file + COMPILED, html);
        }
      } else if (name[0].equals("message") && name[name.length - 1].equals("html")) {
        compiled.put(file + COMPILED, compiler.inlined(file, faults));
      }
    }
    return compiled;
  }

  private @Nullable String render(String file, String language, List<FileFault> faults) {
    Mjml4j.Configuration configuration =
        new Mjml4j.Configuration(language, Mjml4j.TextDirection.AUTO, new Includes(file));
    try {
      return compact(Mjml4j.render(files.getOrDefault(file, ""), configuration));
    } catch (IncludeMissing e) {
      faults.add(new FileFault(file, 0, String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      // The compiler throws whatever its parser meets; all of it means that the file is at fault.
      faults.add(new FileFault(file, 0, "This is no MJML (" + e + ")."));
    }
    return null;
  }

  /** Leaves the indentation out, a third of every mail; where it means something, all stays. */
  private static String compact(String html) {
    return html.contains("<pre") || html.contains("<textarea")
        ? html
        : html.lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .collect(Collectors.joining("\n", "", "\n"));
  }

  private static final class IncludeMissing extends RuntimeException {
    private static final long serialVersionUID = 1L;

    IncludeMissing(String path) {
      super("There is no file " + path + " to include in this message's folder or in _shared.");
    }
  }

  private final class Includes implements Mjml4j.IncludeResolver {
    private final String includer;

    Includes(String includer) {
      this.includer = includer;
    }

    @Override
    public String readResource(String path) {
      String text = files.get(path);
      if (text == null) {
        throw new IncludeMissing(path);
      }
      return text;
    }

    @Override
    public String resolvePath(String path, @Nullable String base) {
      Path folder = Path.of("/", base == null ? includer : base).getParent();
      Path target = (folder == null ? Path.of("/") : folder).resolve(path).normalize();
      return target.toString().substring(1);
    }
  }
}
