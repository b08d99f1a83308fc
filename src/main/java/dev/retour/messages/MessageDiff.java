package dev.retour.messages;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/** What differs between the files of two versions, or of one and its folder. */
final class MessageDiff {
  private static final int CONTEXT_LINES = 3;

  private MessageDiff() {}

  /** Lines of a unified diff, file by file; none when the files are the same. */
  static List<String> between(SortedMap<String, String> before, SortedMap<String, String> after) {
    SortedSet<String> files = new TreeSet<>(before.keySet());
    files.addAll(after.keySet());
    List<String> diff = new ArrayList<>();
    for (String file : files) {
      List<String> from = lines(file, before.getOrDefault(file, ""));
      List<String> to = lines(file, after.getOrDefault(file, ""));
      diff.addAll(
          UnifiedDiffUtils.generateUnifiedDiff(
              before.containsKey(file) ? file : "/dev/null",
              after.containsKey(file) ? file : "/dev/null",
              from,
              DiffUtils.diff(from, to),
              CONTEXT_LINES));
    }
    return diff;
  }

  private static List<String> lines(String file, String text) {
    if (ImageFile.isImage(file)) {
      String content = text.length() + " bytes, " + Integer.toHexString(text.hashCode());
      return text.isEmpty() ? List.of() : List.of("an image of " + content);
    }
    return text.lines().toList();
  }
}
