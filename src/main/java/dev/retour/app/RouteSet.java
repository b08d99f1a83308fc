package dev.retour.app;

import static java.util.regex.Pattern.CASE_INSENSITIVE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.ResourceHelper;

/**
 * The route files as they were read at one moment, so that what was checked is what is applied.
 *
 * @param texts content by the location Camel knows the file by, {@code file:routes/…}
 */
record RouteSet(Map<String, String> texts) {
  static final String ENDING = ".camel.yaml";
  private static final int DEPTH_MAX = 8;
  private static final Pattern CONCERNS_ALL =
      Pattern.compile("(?m)^-\\s+(route-?configuration|(route-?)?template)s?:", CASE_INSENSITIVE);

  static RouteSet read(Path folder) throws IOException {
    Map<String, String> texts = new TreeMap<>();
    List<Path> files;
    try (Stream<Path> found = Files.walk(folder, DEPTH_MAX)) {
      files = found.filter(file -> file.toString().endsWith(ENDING)).toList();
    }
    for (Path file : files) {
      texts.put("file:" + file, Files.readString(file));
    }
    return new RouteSet(texts);
  }

  /** Locations whose text differs between the two sets, or that only one of them has. */
  List<String> changedSince(RouteSet before) {
    List<String> changed = new ArrayList<>();
    texts.forEach(
        (location, text) -> {
          if (!text.equals(before.texts.get(location))) {
            changed.add(location);
          }
        });
    before.texts.keySet().stream()
        .filter(location -> !texts.containsKey(location))
        .forEach(changed::add);
    return changed;
  }

  /** Whether a file holds a failure policy or template: a change there concerns every route. */
  boolean concernsAll(String location) {
    return CONCERNS_ALL.matcher(texts.getOrDefault(location, "")).find();
  }

  Collection<Resource> resources(Collection<String> locations) {
    return locations.stream()
        .filter(texts::containsKey)
        .map(location -> ResourceHelper.fromString(location, texts.get(location)))
        .toList();
  }
}
