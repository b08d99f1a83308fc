package dev.retour.mail;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What of a mail was left unread and why, each told once. Nothing is left out in silence. */
final class Unread {
  private static final int TOLD_MAX = 20;

  private final Set<String> sentences = new LinkedHashSet<>();

  void tell(String sentence) {
    if (sentences.size() < TOLD_MAX) {
      sentences.add(sentence);
    }
  }

  /** All of it, or null when the whole mail was read. */
  @Nullable String fault() {
    return sentences.isEmpty() ? null : String.join(" ", sentences);
  }
}
