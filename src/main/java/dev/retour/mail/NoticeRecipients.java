package dev.retour.mail;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds in the words of a notice which recipients failed and which lines speak of each.
 *
 * <p>An address counts by its place: at the start of a line or behind an SMTP answer first, then
 * behind a word such as "to:", then anywhere. The sender the notice went to counts only when there
 * is nobody else.
 */
final class NoticeRecipients {
  private static final int SECTION_MAX = 2_000;

  /** What may stand before an address that opens a line. */
  private static final Pattern OPENING = Pattern.compile("[\\s<\"'*>\\-\\[(\u2022\u00b7]*");

  /** An SMTP answer, alone or quoted from a session, right before the address. */
  private static final Pattern ANSWER =
      Pattern.compile(
          "\\s*(?:<<<\\s*)?[245][0-9][0-9][ -](?:[245]\\.[0-9]{1,3}\\.[0-9]{1,3}\\s+)?[<(]?");

  private static final Pattern CLOSING =
      Pattern.compile("(?i)[>\"'\\])]*(?:\\s*|[\\s.,]*[:;(\\[<].*|[.]{3}.*| on [a-z]{3},? .*)");
  private static final Pattern LEADING =
      Pattern.compile(
          "(?i).*(?:\\b(?:rcpt to|to|recipients?|recipient\\(s\\)|address|address\\(es\\)|addresses"
              + "|user|mailbox|account|failed|size|errors?|attempts|undeliverable to|delivered to"
              + "|mail to|message to|sent to|deliver to|mail for|delivery to|rejected recipient"
              + "|destination|empf\u00e4nger|destinataire|destinatario|\u5b9b\u5148)"
              + "|[\u6536\u53d7]\u4ef6\u4eba)\\s*[:=\uff1a]?[\\s<\"'\\[(*-]*");
  private static final Pattern REPORT_TO =
      Pattern.compile(
          "(?i).*(?:\\bfrom|contact|assistance|send (?:e-?)?mail to|please (?:e-?)?mail|e-?mail us"
              + "|sender|generated from|\\bsent by|written by|reply-to|help|support|visit|hello"
              + "|dear|sorry|message-id|in-reply-to|references)\\b[\\s:=<\"'(\\[,-]*");

  /** How sure a place makes the address a recipient; the surer first. */
  private enum Place {
    OPENS_LINE,
    STARTS_LINE,
    NAMED,
    ANYWHERE
  }

  private final Collection<String> own;
  private final int max;
  private final Map<Place, Map<String, EmailAddress>> found = new LinkedHashMap<>();
  private String before = "";

  private NoticeRecipients(Collection<String> own, int max) {
    this.own = own;
    this.max = max;
    for (Place place : Place.values()) {
      found.put(place, new LinkedHashMap<>());
    }
  }

  /**
   * Reads a notice.
   *
   * @param own keys of addresses that are the sender's side: whom the notice went to and came from
   */
  static NoticeRecipients read(List<String> lines, Collection<String> own, int max) {
    NoticeRecipients reading = new NoticeRecipients(own, max);
    for (String line : lines) {
      reading.places(line);
    }
    return reading;
  }

  private void places(String line) {
    for (Span.Found at : Span.findAll(line, max)) {
      Place place = place(line, at);
      Map<String, EmailAddress> there = found.get(place);
      if (there != null && there.size() < max && isMailbox(line, at)) {
        there.putIfAbsent(at.address().key(), at.address());
      }
    }
    if (!line.isBlank()) {
      before = line;
    }
  }

  private static boolean isMailbox(String line, Span.Found at) {
    String prefix = line.substring(0, at.span().start()).toLowerCase(Locale.ROOT);
    boolean url = prefix.endsWith("http://") || prefix.endsWith("https://");
    return !url && !REPORT_TO.matches(tail(prefix));
  }

  private static String tail(String text) {
    return text.length() > 80 ? text.substring(text.length() - 80) : text;
  }

  private Place place(String line, Span.Found at) {
    String prefix = line.substring(0, at.span().start());
    String rest = line.substring(at.span().end());
    if (ANSWER.matches(prefix)) {
      return Place.OPENS_LINE;
    }
    if (OPENING.matches(prefix)) {
      if (REPORT_TO.matches(tail(before.strip()))) {
        return Place.ANYWHERE;
      }
      return CLOSING.matches(rest) ? Place.OPENS_LINE : Place.STARTS_LINE;
    }
    return LEADING.matches(tail(prefix)) ? Place.NAMED : Place.ANYWHERE;
  }

  /** The recipients, the surest kind of place only. */
  List<EmailAddress> recipients() {
    for (Map<String, EmailAddress> there : found.values()) {
      List<EmailAddress> others =
          there.values().stream().filter(address -> !own.contains(address.key())).toList();
      if (!others.isEmpty()) {
        return others;
      }
    }
    for (Place place : List.of(Place.OPENS_LINE, Place.NAMED)) {
      Map<String, EmailAddress> there = found.getOrDefault(place, Map.of());
      if (!there.isEmpty()) {
        return List.copyOf(there.values());
      }
    }
    return List.of();
  }

  /** The lines that speak of each recipient, as one text each, by {@link EmailAddress#key()}. */
  static Map<String, String> sections(List<String> lines, Collection<EmailAddress> recipients) {
    Map<String, StringBuilder> sections = new LinkedHashMap<>();
    List<String> keys = recipients.stream().map(EmailAddress::key).toList();
    String current = null;
    for (String line : lines) {
      String opened = opened(line, keys);
      current = opened == null ? current : opened;
      if (current != null) {
        StringBuilder section = sections.computeIfAbsent(current, any -> new StringBuilder());
        String words = line.strip();
        if (!words.isEmpty()
            && section.length() + words.length() < SECTION_MAX
            && section.indexOf(words) < 0) {
          section.append(section.length() == 0 ? "" : " ").append(words);
        }
      }
    }
    Map<String, String> texts = new LinkedHashMap<>();
    sections.forEach((key, text) -> texts.put(key, text.toString()));
    return texts;
  }

  private static @Nullable String opened(String line, List<String> keys) {
    List<String> named = new ArrayList<>(2);
    for (Span.Found at : Span.findAll(line, 4)) {
      String key = at.address().key();
      if (keys.contains(key)) {
        named.add(key);
      }
    }
    return named.isEmpty() ? null : named.get(0);
  }
}
