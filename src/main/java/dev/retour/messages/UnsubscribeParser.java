package dev.retour.messages;

import dev.retour.config.FileFault;
import dev.retour.config.YamlFields;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code unsubscribe: {category: newsletter}}: the recipient may say by one click that he
 * wants no more mails of this category (RFC 8058).
 */
final class UnsubscribeParser {
  private static final String KEY = "unsubscribe";
  private static final String CATEGORY = "[A-Za-z0-9][A-Za-z0-9_-]{0,63}";

  private UnsubscribeParser() {}

  /** The fault of a message whose mails would have no address to put their links under. */
  static FileFault nowhere(String file, String yaml) {
    List<String> lines = yaml.lines().toList();
    int line =
        IntStream.range(0, lines.size())
            .filter(i -> lines.get(i).startsWith(KEY))
            .findFirst()
            .orElse(0);
    return new FileFault(
        file,
        line + 1,
        "\"unsubscribe\" needs an address that recipients reach: set unsubscribe.url first.");
  }

  /** The category; null when nobody can unsubscribe, or with a fault. */
  static @Nullable String category(YamlFields root) {
    YamlFields unsubscribe = root.child(KEY);
    if (unsubscribe == null) {
      return null;
    }
    String category =
        unsubscribe.value(
            "category",
            text -> {
              if (!text.matches(CATEGORY)) {
                throw new IllegalArgumentException(
                    "must be letters, digits, - or _, at most 64, such as newsletter");
              }
              return text;
            });
    unsubscribe.refuseMissing("category");
    unsubscribe.refuseUnknown();
    if (root.has("document")) {
      root.faultAt(
          KEY,
          "A message with \"document\" cannot be unsubscribed from: its recipient has to get the"
              + " document, whatever he thinks of other mails. Leave \"unsubscribe\" out, or send"
              + " what is no document by a message of its own.");
    }
    return category;
  }
}
