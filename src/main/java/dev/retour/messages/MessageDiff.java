package dev.retour.messages;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import com.github.difflib.algorithm.myers.MyersDiffWithLinearSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/** What differs between the files of two versions, or of one and its folder. */
final class MessageDiff {
  private static final int CONTEXT_LINES = 3;

  /** Of two files together; what is longer takes too long to compare line by line. */
  private static final int LINES_MAX = 20_000;

  /** The usual way remembers every path it tried: hundreds of megabytes for a re-indented file. */
  private static final MyersDiffWithLinearSpace<String> LINEAR = new MyersDiffWithLinearSpace<>();

  private MessageDiff() {}

  /** Lines of a unified diff, file by file; none when the files are the same. */
  static List<String> between(SortedMap<String, String> before, SortedMap<String, String> after) {
    SortedSet<String> files = new TreeSet<>(before.keySet());
    files.addAll(after.keySet());
    List<String> diff = new ArrayList<>();
    for (String file : files) {
      List<String> from = lines(file, before.getOrDefault(file, ""));
      List<String> to = lines(file, after.getOrDefault(file, ""));
      if (from.size() + to.size() > LINES_MAX && !from.equals(to)) {
        from = List.of("a file of " + from.size() + " lines");
        to = List.of("another one of " + to.size() + " lines");
      }
      diff.addAll(
          UnifiedDiffUtils.generateUnifiedDiff(
              before.containsKey(file) ? file : "/dev/null",
              after.containsKey(file) ? file : "/dev/null",
              from,
              DiffUtils.diff(from, to, LINEAR),
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
