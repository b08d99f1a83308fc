package dev.retour.messages;

import dev.retour.config.FileFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All files of the folder of messages, read once: what is loaded can no longer change under a mail,
 * and no template can reach a file that is not here.
 */
final class MessageFiles {
  static final String SHARED = "_shared";
  private static final long FILE_BYTES_MAX = 1_000_000;
  private static final int FILES_MAX = 50_000;
  private static final int DEPTH_MAX = 4;
  private static final long ALL_BYTES_MAX = 200_000_000;
  private static final String TOO_MUCH = "The files of this message and the shared ones are larger";
  private static final Set<String> ENDINGS =
      Set.of("yaml", "mjml", "html", "txt", "ftl", "json", "png", "jpg", "gif");

  private final Path root;
  private final SortedMap<String, SortedMap<String, String>> folders = new TreeMap<>();
  private final List<FileFault> faults = new ArrayList<>();
  private final MessageDigest hash = Sha256.begin();
  private final boolean namesOnly;
  private long bytes;
  private long bytesMax = ALL_BYTES_MAX;

  private MessageFiles(Path root, boolean namesOnly) {
    this.root = root;
    this.namesOnly = namesOnly;
  }

  static MessageFiles read(Path root) {
    MessageFiles files = new MessageFiles(root, false);
    files.walk(root);
    return files;
  }

  /** Which folders there are, and what is wrong with names; no file is opened. */
  static MessageFiles names(Path root) {
    MessageFiles files = new MessageFiles(root, true);
    files.walk(root);
    return files;
  }

  /** Only the files of one message and the shared ones. */
  static MessageFiles read(Path root, String folder) {
    MessageFiles files = new MessageFiles(root, false);
    files.bytesMax = 2 * MessageArchive.BYTES_MAX;
    for (String each : List.of(folder, SHARED)) {
      if (Files.exists(root.resolve(each))) {
        files.walk(root.resolve(each));
      }
    }
    return files;
  }

  /** Texts that were read before, by path below the folder of messages. */
  static MessageFiles of(Map<String, String> texts) {
    MessageFiles files = new MessageFiles(Path.of("."), false);
    new TreeMap<>(texts)
        .forEach(
            (name, text) ->
                files
                    .folders
                    .computeIfAbsent(
                        name.substring(0, name.indexOf('/')), folder -> new TreeMap<>())
                    .put(name, text));
    return files;
  }

  /**
   * What one message needs: its own files, and those shared ones that it, or one of them, names. A
   * change of a shared file concerns no message that does not use it.
   */
  Draft draft(String folder) {
    SortedMap<String, String> texts = new TreeMap<>(of(folder));
    SortedMap<String, String> shared = new TreeMap<>(of(SHARED));
    boolean found = true;
    while (found) {
      List<String> named =
          shared.keySet().stream()
              .filter(
                  file ->
                      texts.values().stream()
                          .anyMatch(
                              text -> text.contains(file.substring(file.lastIndexOf('/') + 1))))
              .toList();
      named.forEach(file -> texts.put(file, shared.getOrDefault(file, "")));
      found = shared.keySet().removeAll(named);
    }
    return new Draft(folder, texts);
  }

  /** The names of the folders of event types, sorted. */
  List<String> eventTypes() {
    return folders.keySet().stream().filter(name -> !name.equals(SHARED)).toList();
  }

  /** The texts of one event type and the shared ones, by path below the root. */
  Map<String, String> visibleTo(String eventType) {
    SortedMap<String, String> visible = new TreeMap<>(of(SHARED));
    visible.putAll(of(eventType));
    return visible;
  }

  /** The texts of one folder, by path below the root. */
  SortedMap<String, String> of(String folder) {
    return folders.getOrDefault(folder, new TreeMap<>());
  }

  List<FileFault> faults() {
    return faults;
  }

  /** Short hash over names and contents. */
  String version() {
    return HexFormat.of().formatHex(hash.digest()).substring(0, 12);
  }

  private void walk(Path start) {
    try (Stream<Path> paths = Files.walk(start, DEPTH_MAX, FileVisitOption.FOLLOW_LINKS)) {
      Path real = root.toRealPath();
      List<Path> found =
          paths
              .filter(this::isOurs)
              .filter(Files::isRegularFile)
              .limit(FILES_MAX + 1L)
              .sorted()
              .toList();
      if (found.size() > FILES_MAX) {
        fault(".", "There are more than " + FILES_MAX + " files in the folder of messages.");
        return;
      }
      for (Path path : found) {
        read(path, real);
      }
    } catch (IOException | java.io.UncheckedIOException e) {
      fault(".", "The folder of messages " + root + " cannot be read (" + e + ").");
    }
  }

  /** Hidden files and editors' copies are passed over, at any depth. */
  private boolean isOurs(Path path) {
    for (Path part : root.relativize(path)) {
      if (part.toString().startsWith(".")) {
        return false;
      }
    }
    String name = path.getFileName().toString();
    return ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1));
  }

  private void read(Path path, Path real) throws IOException {
    Path below = root.relativize(path);
    String name = below.toString().replace('\\', '/');
    if (below.getNameCount() < 2) {
      fault(name, "A file belongs into the folder of an event type or into " + SHARED + ".");
      return;
    }
    String folder = below.getName(0).toString();
    if (!folder.equals(SHARED) && !isEventTypeId(folder)) {
      fault(
          name,
          "The folder \""
              + folder
              + "\" must be "
              + SHARED
              + " or an id: EVT, then letters,"
              + " digits, - or _, at most "
              + EventFileParser.ID_CHARS_MAX
              + " characters.");
      return;
    }
    if (!MessageArchive.isPlain(name)) {
      fault(
          name,
          "The name of a file has letters, digits, dots, hyphens and underscores only; rename it.");
    } else if (!path.toRealPath().startsWith(real)) {
      fault(name, "This link leads out of the folder of messages; it is not followed.");
    } else if (Files.size(path) > FILE_BYTES_MAX) {
      fault(name, "The file is larger than " + FILE_BYTES_MAX + " bytes.");
    } else if (namesOnly) {
      folders.computeIfAbsent(folder, key -> new TreeMap<>());
    } else if ((bytes += Files.size(path)) > bytesMax) {
      if (faults.isEmpty() || !faults.get(faults.size() - 1).text().contains(TOO_MUCH)) {
        fault(folder, TOO_MUCH + " than " + bytesMax + " bytes; the rest is not read.");
      }
    } else {
      keep(folder, name, Files.readAllBytes(path));
    }
  }

  private void keep(String folder, String name, byte[] bytes) {
    if (ImageFile.isImage(name)) {
      ImageFile.fault(name, bytes).ifPresent(text -> fault(name, text));
    }
    try {
      String text = ImageFile.charset(name).newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      folders.computeIfAbsent(folder, key -> new TreeMap<>()).put(name, text);
      hash.update(name.getBytes(StandardCharsets.UTF_8));
      hash.update((byte) 0);
      hash.update(bytes);
    } catch (CharacterCodingException e) {
      fault(name, "The file is not in UTF-8.");
    }
  }

  static boolean isEventTypeId(String id) {
    return id.startsWith("EVT")
        && id.length() > 3
        && id.length() <= EventFileParser.ID_CHARS_MAX
        && id.chars()
            .allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || c == '-' || c == '_'));
  }

  private void fault(String file, String text) {
    faults.add(new FileFault(file, 0, text));
  }
}
