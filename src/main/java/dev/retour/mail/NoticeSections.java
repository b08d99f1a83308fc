package dev.retour.mail;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parts the words of a notice by the recipient they speak of.
 *
 * <p>A line that names a recipient opens its section. Copies of SMTP sessions go the other way
 * round: there the answers come first and the line that names the recipient ends them. Of such a
 * session only what the server refused is kept: commands and good answers say nothing about the
 * fault, and words in them would mislead the rules.
 */
final class NoticeSections {
  private static final int STAMP_MAX = 40;

  /** How sentences begin that tell the sender what to do, whatever the fault is. */
  private static final List<String> COURTESIES =
      List.of(
          "please reply to",
          "if you feel th",
          "if you believe th",
          "if you think th",
          "if you do so, please",
          "for further assistance",
          "delete your own text",
          "your message is attached");

  private final Set<String> keys = new HashSet<>();
  private final Map<String, StringBuilder> sections = new LinkedHashMap<>();
  private final StringBuilder ahead = new StringBuilder();
  private @Nullable String current;
  private boolean closed;
  private final int sectionMax;

  private NoticeSections(Collection<EmailAddress> recipients, int sectionMax) {
    this.sectionMax = sectionMax;
    recipients.forEach(recipient -> keys.add(recipient.key()));
  }

  /** The lines that speak of each recipient, as one text each, by {@link EmailAddress#key()}. */
  static Map<String, String> of(
      List<String> lines, Collection<EmailAddress> recipients, int sectionMax) {
    NoticeSections reading = new NoticeSections(recipients, sectionMax);
    for (String line : lines) {
      reading.line(line, line.strip());
    }
    reading.addTo(reading.current, reading.ahead.toString());
    Map<String, String> texts = new LinkedHashMap<>();
    reading.sections.forEach((key, text) -> texts.put(key, text.toString()));
    return texts;
  }

  private void line(String line, String words) {
    if (words.isEmpty()) {
      return;
    }
    String opened = line.indexOf('@') < 0 ? null : opened(line);
    boolean session = isSession(words);
    if (opened == null && session && (closed || isNewSession(words))) {
      if (isNewSession(words) && current != null) { // what nobody's line ended was the last one's
        addTo(current, ahead.toString());
        ahead.setLength(0);
      }
      closed = true;
      add(ahead, isSaying(words) ? words : "");
      return;
    }
    if (opened != null) {
      closed = false;
      current = opened;
      addTo(opened, ahead.toString());
      ahead.setLength(0);
    }
    addTo(current, isSaying(words) ? words : "");
    if (opened != null && isFinal(words)) {
      closed = true;
    }
  }

  private void addTo(@Nullable String key, String words) {
    if (key != null) {
      add(sections.computeIfAbsent(key, any -> new StringBuilder()), words);
    }
  }

  private void add(StringBuilder section, String words) {
    if (!words.isEmpty()
        && section.length() + words.length() < sectionMax
        && section.indexOf(words) < 0) {
      section.append(section.length() == 0 ? "" : " ").append(words);
    }
  }

  private @Nullable String opened(String line) {
    for (Span.Found at : Span.findAll(line, 4)) {
      String key = at.address().key();
      if (keys.contains(key)) {
        return key;
      }
    }
    return null;
  }

  /** {@code 550 <address>... User unknown}: Sendmail's own verdict below a session. */
  private static boolean isFinal(String words) {
    return isCode(words, 0) && words.contains("...");
  }

  private static boolean isSession(String words) {
    return words.startsWith(">>>")
        || words.startsWith("<<<")
        || isNewSession(words)
        || isCode(words, 0);
  }

  private static boolean isNewSession(String words) {
    int at = words.startsWith("... ") ? 4 : 0;
    return words.regionMatches(true, at, "while talking to ", 0, 17);
  }

  /** Whether a line says anything: no command of the client, no good answer of the server. */
  private static boolean isSaying(String words) {
    if (isCourtesy(words)) {
      return false;
    }
    int command = Math.max(words.indexOf(">>> "), words.indexOf("--> "));
    if (command >= 0 && command <= STAMP_MAX) {
      return false;
    }
    int answer = Math.max(words.indexOf("<<< "), words.indexOf("<-- "));
    if (answer < 0 || answer > STAMP_MAX) {
      return true;
    }
    char first = answer + 4 < words.length() ? words.charAt(answer + 4) : ' ';
    return first != '2' && first != '3';
  }

  /** The words of the notice that may tell the fault, without sections, sessions in full. */
  static String telling(List<String> lines) {
    StringBuilder telling = new StringBuilder();
    for (String line : lines) {
      if (!isCourtesy(line.strip())) {
        telling.append(line).append('\n');
      }
    }
    return telling.toString();
  }

  private static boolean isCourtesy(String words) {
    for (String courtesy : COURTESIES) {
      if (words.regionMatches(true, 0, courtesy, 0, courtesy.length())) {
        return true;
      }
    }
    return false;
  }

  private static boolean isCode(String words, int at) {
    return words.length() > at + 4
        && (words.charAt(at) == '4' || words.charAt(at) == '5')
        && Character.isDigit(words.charAt(at + 1))
        && Character.isDigit(words.charAt(at + 2))
        && (words.charAt(at + 3) == ' ' || words.charAt(at + 3) == '-');
  }
}
